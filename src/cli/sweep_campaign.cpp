#include "cli/sweep_campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "cli/shell_word.hpp"
#include "scenario/load.hpp"
#include "scenario/yaml.hpp"

namespace conclave {

namespace {

/// Errors that a value of the sweep has caused are told at its place in the sweep file, others where they are.
void print_errors(const Campaign& campaign, const Point& point, const Loaded& loaded) {
  const Sweep& sweep = campaign.sweep;
  bool all_placed = !loaded.found.empty();
  for (const Diagnostic& problem : loaded.found) {
    const std::size_t setting = problem.at.column - sweep.fixed.size() - 1;
    const bool ours =
        problem.at.line == 0 && problem.at.column > sweep.fixed.size() && setting < point.parameters.size();
    all_placed = all_placed && ours;
    if (!ours) continue;
    const Point::Parameter& parameter = point.parameters[setting];
    const auto path = std::find(sweep.paths.begin(), sweep.paths.end(), parameter.path);
    const Location at = sweep.path_places[static_cast<std::size_t>(path - sweep.paths.begin())];
    fmt::print(stderr, "{}:{}:{}: error: `{}={}`: {}\n", sweep.file.string(), at.line, at.column, parameter.path,
               parameter.value, problem.message);
    if (!problem.hint.empty()) fmt::print(stderr, "      = {}\n", problem.hint);
  }
  if (all_placed) return;
  fmt::print(stderr, "{}: error: the scenario is refused{}{}:\n{}", sweep.file.string(),
             point.parameters.empty() ? "" : " at the point ", point.text(), loaded.errors);
}

std::vector<std::string> paths_of(const Point& point) {
  std::vector<std::string> paths;
  for (const Point::Parameter& parameter : point.parameters) paths.push_back(parameter.path);
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// The first point of each set of paths must be a valid scenario. Others may not be: they are runs that are refused.
bool check_points(const Campaign& campaign) {
  std::set<std::vector<std::string>> seen;
  for (const Point& point : campaign.sweep.points) {
    if (!seen.insert(paths_of(point)).second) continue;
    const Loaded loaded = load_scenario_text(campaign.scenario_text, campaign.sweep.scenario,
                                             {.set = campaign.settings(point), .seed = campaign.seed(0)});
    if (loaded.scenario) continue;
    print_errors(campaign, point, loaded);
    return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> Campaign::settings(const Point& point) const {
  std::vector<std::string> all = sweep.fixed;
  for (std::string& setting : point.settings()) all.push_back(std::move(setting));
  return all;
}

std::string Campaign::repeat_command(const Point& point, std::uint64_t seed) const {
  std::string text = fmt::format("conclave run {} --seed {}", shell_word(sweep.scenario.string()), seed);
  for (const std::string& setting : settings(point)) text += " --set " + shell_word(setting);
  return text;
}

std::optional<Campaign> load_campaign(const std::string& file) {
  LoadedSweep loaded = load_sweep(file);
  if (!loaded.sweep) {
    fmt::print(stderr, "{}", loaded.errors);
    return std::nullopt;
  }
  Campaign campaign{.sweep = std::move(*loaded.sweep)};
  const Sweep& sweep = campaign.sweep;
  std::error_code failed;
  if (!std::filesystem::is_regular_file(sweep.scenario, failed)) {
    fmt::print(stderr, "{}: error: the scenario {} is no file\n", file, sweep.scenario.string());
    return std::nullopt;
  }
  std::ifstream stream(sweep.scenario, std::ios::binary);
  campaign.scenario_text = {std::istreambuf_iterator<char>(stream), {}};
  Diagnostics diagnostics;
  const std::optional<Value> document = parse_yaml(campaign.scenario_text, diagnostics);
  if (!document || !document->is_map()) {
    fmt::print(stderr, "{}", load_scenario(sweep.scenario).errors);
    return std::nullopt;
  }
  campaign.plan = {.sweep = sweep.name,
                   .title = sweep.title,
                   .provenance = provenance_of(sweep, *document, CONCLAVE_VERSION),
                   .paths = sweep.paths,
                   .points = sweep.points};
  if (!check_points(campaign)) return std::nullopt;
  return campaign;
}

}  // namespace conclave
