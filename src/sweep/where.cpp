#include "sweep/where.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/diagnostics.hpp"
#include "core/quantity.hpp"

namespace conclave {

namespace {

constexpr std::array<std::string_view, 3> kOfRuns{"seed", "status", "verdict"};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split_at_and(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t end; (end = text.find(" and ")) != std::string_view::npos; text.remove_prefix(end + 5))
    parts.push_back(text.substr(0, end));
  parts.push_back(text);
  return parts;
}

/// The parameter that is meant by its path or by the end of it.
std::optional<std::string> resolve(std::string_view name, const std::vector<std::string>& paths) {
  std::vector<std::string> ending;
  for (const std::string& path : paths) {
    if (path == name) return path;
    if (path.ends_with("." + std::string(name))) ending.push_back(path);
  }
  return ending.size() == 1 ? std::optional(ending.front()) : std::nullopt;
}

}  // namespace

std::optional<Where> Where::parse(std::string_view text, const std::vector<std::string>& paths, std::string& problem) {
  // Longer operators first: `<=` begins with `<`.
  static constexpr std::pair<std::string_view, Operator> kOperators[] = {
      {"!=", Operator::unequal}, {"<=", Operator::at_most}, {">=", Operator::at_least}, {"==", Operator::equal},
      {"=", Operator::equal},    {"<", Operator::less},     {">", Operator::greater}};
  Where where;
  for (const std::string_view part : split_at_and(text)) {
    const std::size_t at = part.find_first_of("=<>!");
    const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators), [&](const auto& entry) {
      return at != std::string_view::npos && part.substr(at).starts_with(entry.first);
    });
    if (found == std::end(kOperators)) {
      problem =
          fmt::format("`{}` is no condition: expected `NAME OPERATOR VALUE`, such as `count >= 7`", trimmed(part));
      return std::nullopt;
    }
    const std::string name(trimmed(part.substr(0, at)));
    Condition condition{name, found->second, std::string(trimmed(part.substr(at + found->first.size())))};
    condition.of_run = std::find(kOfRuns.begin(), kOfRuns.end(), name) != kOfRuns.end();
    if (!condition.of_run && name != "point") {
      const auto path = resolve(name, paths);
      if (!path) {
        std::vector<std::string> names = paths;
        names.insert(names.end(), {"point", "seed", "status", "verdict"});
        problem = fmt::format("`{}` names no parameter of this sweep, or more than one", name);
        if (const std::string hint = suggestion(name, names); !hint.empty()) problem += "; " + hint;
        return std::nullopt;
      }
      condition.name = *path;
    }
    where.all_.push_back(std::move(condition));
  }
  return where;
}

bool Where::holds(const Condition& condition, const std::string& found) {
  const auto a = parse_quantity(found), b = parse_quantity(condition.value);
  const bool numbers = a && b;
  const double left = numbers ? a->number() : 0, right = numbers ? b->number() : 0;
  switch (condition.op) {
    case Operator::equal: return numbers ? left == right : found == condition.value;
    case Operator::unequal: return numbers ? left != right : found != condition.value;
    case Operator::less: return numbers ? left < right : found < condition.value;
    case Operator::at_most: return numbers ? left <= right : found <= condition.value;
    case Operator::greater: return numbers ? left > right : found > condition.value;
    case Operator::at_least: return numbers ? left >= right : found >= condition.value;
  }
  return false;
}

bool Where::has(const Point& point, std::size_t number) const {
  return std::all_of(all_.begin(), all_.end(), [&](const Condition& condition) {
    if (condition.of_run) return true;
    if (condition.name == "point") return holds(condition, fmt::format("{}", number));
    const std::string* value = point.find(condition.name);
    return value && holds(condition, *value);
  });
}

bool Where::has(const Point& point, const RunRecord& run) const {
  return has(point, run.point) && std::all_of(all_.begin(), all_.end(), [&](const Condition& condition) {
           if (condition.name == "seed" && condition.of_run) return holds(condition, fmt::format("{}", run.seed));
           if (condition.name == "status" && condition.of_run) return holds(condition, run.status);
           return !condition.of_run || holds(condition, run.verdict);
         });
}

}  // namespace conclave
