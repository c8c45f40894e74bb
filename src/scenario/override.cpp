#include "scenario/override.hpp"

#include <fmt/core.h>

#include <charconv>
#include <optional>
#include <vector>

#include "scenario/yaml.hpp"

namespace conclave {

namespace {

constexpr std::string_view kForm = "expected `path=value`, such as `agents.replica.count=7` or `checks[0]=agreement`";

/// One step of a path: a key, or a position in a list.
struct Step {
  std::string key;
  std::optional<std::size_t> position{};
};

/// Reads `[n]` off the front of `path`.
std::optional<std::size_t> take_position(std::string_view& path) {
  std::size_t position = 0;
  const auto [end, failed] = std::from_chars(path.data() + 1, path.data() + path.size(), position);
  if (failed != std::errc() || end == path.data() + path.size() || *end != ']') return std::nullopt;
  path.remove_prefix(static_cast<std::size_t>(end + 1 - path.data()));
  return position;
}

/// The steps of `a.b[0].c`; empty if it has not this form.
std::vector<Step> parse_path(std::string_view path) {
  std::vector<Step> steps;
  while (true) {
    const std::string_view key = path.substr(0, path.find_first_of(".["));
    if (key.empty()) return {};
    steps.push_back({std::string(key)});
    path.remove_prefix(key.size());
    while (path.starts_with('[')) {
      const auto position = take_position(path);
      if (!position) return {};
      steps.push_back({"", *position});
    }
    if (path.empty()) return steps;
    if (path[0] != '.' || steps.size() > kScenarioDepthMax) return {};
    path.remove_prefix(1);
  }
}

void place_everything(Value& value, Location at) {
  value.at = at;
  for (Value& item : value.items) place_everything(item, at);
  for (Value::Entry& entry : value.entries) {
    entry.at = at;
    place_everything(entry.value, at);
  }
}

std::optional<Value> parse_value(std::string_view text, Location at, Diagnostics& diagnostics) {
  if (text.empty()) return Value();
  Diagnostics found;
  std::optional<Value> value = parse_yaml(text, found);
  for (const Diagnostic& problem : found.all())
    diagnostics.error(at, fmt::format("the value, column {}: {}", problem.at.column, problem.message), problem.hint);
  return value;
}

/// The entry of a list of groups that has this name.
Value* find_group(Value& list, std::string_view name, Location at, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (Value& item : list.items) {
    const Value* group = item.find("group");
    if (!group) continue;
    if (group->text == name) return &item;
    names.push_back(group->text);
  }
  if (names.empty()) {
    diagnostics.error(at, fmt::format("`{}` is looked for in a list", name), "name an entry by its position: `[0]`");
  } else {
    diagnostics.error(at, fmt::format("unknown group `{}`", name), suggestion(name, names));
  }
  return nullptr;
}

/// Where one step leads from `from`, or nullptr after reporting why it leads nowhere.
Value* walk(Value& from, const Step& step, Location at, Diagnostics& diagnostics) {
  if (step.position) {
    if (from.is_list() && *step.position < from.items.size()) return &from.items[*step.position];
    const std::string found = from.is_list() ? fmt::format("a list of {}", from.items.size()) : from.describe();
    diagnostics.error(at, fmt::format("`[{}]` leads nowhere: there is {}", *step.position, found));
    return nullptr;
  }
  if (from.is_list()) return find_group(from, step.key, at, diagnostics);
  if (from.kind == Value::Kind::null) from = Value::map(at);
  if (!from.is_map()) {
    diagnostics.error(at, fmt::format("`{}` leads nowhere: there is {}", step.key, from.describe()));
    return nullptr;
  }
  if (Value* present = from.find(step.key)) return present;
  Value missing;
  missing.at = at;
  from.set(step.key, std::move(missing));
  return from.find(step.key);
}

}  // namespace

void apply_override(Value& document, std::string_view assignment, Location at, Diagnostics& diagnostics) {
  const std::size_t equals = assignment.find('=');
  const std::vector<Step> steps = parse_path(assignment.substr(0, equals));
  if (equals == std::string_view::npos || steps.empty())
    return diagnostics.error(at, "this is not of the form `path=value`", std::string(kForm));
  std::optional<Value> value = parse_value(assignment.substr(equals + 1), at, diagnostics);
  if (!value) return;
  Value* target = &document;
  for (const Step& step : steps) {
    target = walk(*target, step, at, diagnostics);
    if (!target) return;
  }
  *target = std::move(*value);
  place_everything(*target, at);
}

}  // namespace conclave
