#include "scenario/load.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "scenario/draft.hpp"
#include "scenario/expect.hpp"
#include "scenario/override.hpp"
#include "scenario/swarm.hpp"
#include "scenario/yaml.hpp"

namespace conclave {

namespace {

struct FileText {
  std::string text;
  std::string problem;  ///< why it could not be read
};

FileText read_file(const std::filesystem::path& file) {
  std::error_code failed;
  const std::filesystem::file_status status = std::filesystem::status(file, failed);
  if (!std::filesystem::exists(status)) return {"", "there is no such file"};
  if (std::filesystem::is_directory(status)) return {"", "this is a folder, not a scenario file"};
  // A pipe or a device may never end.
  if (!std::filesystem::is_regular_file(status)) return {"", "this is not a regular file"};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return {"", fmt::format("cannot read: {}", std::strerror(errno))};
  std::string text(kScenarioBytesMax + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return {"", "cannot read to its end"};
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // the mark that some editors put first
  return {std::move(text), ""};
}

void apply_overrides(Value& document, const Overrides& overrides, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < overrides.set.size(); i++)
    apply_override(document, overrides.set[i], {0, static_cast<std::uint32_t>(i + 1)}, diagnostics);
  if (overrides.seed) document.set("seed", Value::scalar(std::to_string(*overrides.seed)));
}

void fill_in(Draft& draft, const std::filesystem::path& file) {
  ScenarioSection& section = draft.section;
  Scenario& scenario = draft.scenario;
  scenario.file = file;
  scenario.name = file.stem().string();
  if (section.title.empty()) section.title = scenario.name;
  scenario.title = section.title;
  scenario.seed = section.seed;
  scenario.network = section.network;
  scenario.crypto = section.crypto;
  scenario.executor = section.executor;
  scenario.outages = section.outages;
  scenario.heal_at = section.heal_at;
  scenario.stop_at = section.stop_at;
  scenario.resolved = ScenarioSection::params().write(&section);
}

Scenario read_scenario(const Value& document, const std::filesystem::path& file, bool swarm, Diagnostics& diagnostics) {
  Draft draft{.document = document, .folder = file.parent_path(), .diagnostics = diagnostics};
  ScenarioSection::params().read(document, &draft.section, diagnostics);
  read_platform(draft);
  check_network(draft);
  read_agents(draft);
  read_swarm(draft, swarm);
  read_faults(draft);
  check_times(draft);
  read_checks(draft);
  check_expect(draft);
  if (draft.roster_complete)
    for (const auto& check : draft.checks_of_components) check();
  fill_in(draft, file);
  return std::move(draft.scenario);
}

}  // namespace

Location place_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value ? value->at : map.at;
}

bool check_name(std::string_view name, std::string_view what, Location at, Diagnostics& diagnostics) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  bool good = !name.empty() && is_letter(name[0]);
  for (const char c : name) good = good && (is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-');
  if (!good)
    diagnostics.error(at, fmt::format("`{}` is not a name for a {}", name, what),
                      "a name is a letter, then letters, digits, `_` and `-`");
  return good;
}

Loaded load_scenario(const std::filesystem::path& file, const Overrides& overrides) {
  const FileText read = read_file(file);
  if (!read.problem.empty()) return {std::nullopt, fmt::format("{}: error: {}\n", file.string(), read.problem), {}};
  return load_scenario_text(read.text, file, overrides);
}

Loaded load_scenario_text(std::string_view text, const std::filesystem::path& file, const Overrides& overrides) {
  Diagnostics diagnostics;
  Loaded loaded;
  if (std::optional<Value> document = parse_yaml(text, diagnostics)) {
    if (document->is_map()) {
      apply_overrides(*document, overrides, diagnostics);
      loaded.scenario = read_scenario(*document, file, overrides.swarm, diagnostics);
    } else {
      params_detail::wrong_type(*document, "a scenario: a map of sections", diagnostics);
    }
  }
  if (diagnostics.empty()) return loaded;
  return {std::nullopt, diagnostics.text(file.string(), text, overrides.set), diagnostics.all()};
}

}  // namespace conclave
