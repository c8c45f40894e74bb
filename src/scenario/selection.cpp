#include "scenario/selection.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace conclave {

namespace {

struct Term {
  std::string_view group;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  bool whole_group = true;
};

/// Takes a number off the front of `text`.
bool take_number(std::string_view& text, std::uint32_t& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

std::optional<Term> parse_term(std::string_view text) {
  Term term;
  const std::size_t bracket = text.find('[');
  term.group = text.substr(0, bracket);
  if (term.group.empty()) return std::nullopt;
  if (bracket == std::string_view::npos) return term;
  text.remove_prefix(bracket + 1);
  term.whole_group = false;
  if (!take_number(text, term.first)) return std::nullopt;
  term.last = term.first;
  if (text.starts_with("..")) {
    text.remove_prefix(2);
    if (!take_number(text, term.last)) return std::nullopt;
  }
  return text == "]" ? std::optional(term) : std::nullopt;
}

std::vector<std::string> group_names(const Roster& roster) {
  std::vector<std::string> names;
  for (const Group& group : roster.groups()) names.push_back(group.name);
  return names;
}

std::optional<AgentRange> select_term(const Value& written, const Roster& roster, Diagnostics& diagnostics) {
  const std::optional<Term> term = parse_term(written.text);
  if (!term || term->first > term->last) {
    diagnostics.error(written.at, written.describe() + " does not name agents",
                      "expected such as `replica`, `replica[3]` or `replica[0..2]`");
    return std::nullopt;
  }
  const Group* group = roster.find(term->group);
  if (!group) {
    diagnostics.error(written.at, fmt::format("unknown group `{}`", term->group),
                      suggestion(term->group, group_names(roster)));
    return std::nullopt;
  }
  if (term->whole_group || group->agents.count == 0) return group->agents;
  if (term->last >= group->agents.count) {
    diagnostics.error(written.at, fmt::format("there is no {}[{}]", term->group, term->last),
                      fmt::format("agents count from 0: the last one is {}[{}]", group->name, group->agents.count - 1));
    return std::nullopt;
  }
  return AgentRange{group->agents[term->first], term->last - term->first + 1};
}

}  // namespace

std::vector<AgentRange> select_agents(const Value& written, const Roster& roster, Diagnostics& diagnostics) {
  std::vector<AgentRange> chosen;
  if (written.is_scalar()) {
    if (const auto range = select_term(written, roster, diagnostics)) chosen.push_back(*range);
  } else if (written.is_list() && written.items.empty()) {
    diagnostics.error(written.at, "no agents are named");
  }
  for (const Value& item : written.items)
    if (const auto range = select_term(item, roster, diagnostics)) chosen.push_back(*range);

  std::sort(chosen.begin(), chosen.end(), [](AgentRange a, AgentRange b) { return a.first < b.first; });
  std::vector<AgentRange> merged;
  for (const AgentRange range : chosen) {
    if (merged.empty() || index(range.first) > index(merged.back().first) + merged.back().count) {
      merged.push_back(range);
    } else {
      AgentRange& last = merged.back();
      last.count = std::max(last.count, index(range.first) - index(last.first) + range.count);
    }
  }
  return merged;
}

}  // namespace conclave
