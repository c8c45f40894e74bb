#include "lab/words.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "core/diagnostics.hpp"

namespace conclave::lab {

namespace {

Value parse_value(std::string_view text);

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// What stands between the first and the last character, which must be this pair.
std::string_view inside(std::string_view text, char open, char close) {
  if (text.size() < 2 || text.front() != open || text.back() != close)
    throw LabError(fmt::format("`{}` should be enclosed in {}{}", text, open, close));
  return trim(text.substr(1, text.size() - 2));
}

Value parse_map(std::string_view text) {
  Value map = Value::map();
  const std::string_view entries = inside(text, '{', '}');
  if (entries.empty()) return map;
  for (const std::string& entry : split(entries, ',')) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos) throw LabError(fmt::format("`{}` should be key=value", entry));
    map.set(entry.substr(0, equals), parse_value(std::string_view(entry).substr(equals + 1)));
  }
  return map;
}

Value parse_list(std::string_view text) {
  Value list = Value::list();
  const std::string_view items = inside(text, '[', ']');
  if (items.empty()) return list;
  for (const std::string& item : split(items, ',')) list.items.push_back(parse_value(item));
  return list;
}

Value parse_value(std::string_view text) {
  text = trim(text);
  if (text.starts_with('{')) return parse_map(text);
  if (text.starts_with('[')) return parse_list(text);
  return Value::scalar(std::string(text));
}

const Group& find_group(std::string_view name, const Roster& roster) {
  if (const Group* group = roster.find(name)) return *group;
  std::vector<std::string> names;
  for (const Group& group : roster.groups()) names.push_back(group.name);
  throw LabError(fmt::format("there is no group `{}`; {}", name, suggestion(name, names)));
}

AgentRange parse_range(std::string_view text, const Roster& roster) {
  const std::size_t bracket = text.find('[');
  const AgentRange all = find_group(text.substr(0, bracket), roster).agents;
  if (bracket == std::string_view::npos) return all;
  const std::string_view ranks = inside(text.substr(bracket), '[', ']');
  const std::size_t dots = ranks.find("..");
  const std::int64_t first = parse_integer(ranks.substr(0, dots));
  const std::int64_t last = dots == std::string_view::npos ? first : parse_integer(ranks.substr(dots + 2));
  if (first < 0 || last < first || last >= all.count)
    throw LabError(fmt::format("`{}` is not within a group of {}", text, all.count));
  return {all[static_cast<std::size_t>(first)], static_cast<std::uint32_t>(last - first + 1)};
}

bool is_option(const std::string& word) {
  return word.find('=') < word.find_first_of("{[");
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    if (c == separator && depth == 0) {
      parts.emplace_back();
    } else if (c != ' ' || !parts.back().empty()) {
      parts.back() += c;
    }
  }
  if (depth != 0) throw LabError(fmt::format("`{}` has a bracket that is not closed", text));
  return parts;
}

std::int64_t parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size())
    throw LabError(fmt::format("`{}` is not an integer", text));
  return number;
}

Component parse_component(std::string_view text) {
  const std::size_t brace = std::min(text.find('{'), text.size());
  Component component{.name = std::string(text.substr(0, brace))};
  if (brace < text.size()) component.options = parse_map(text.substr(brace));
  return component;
}

std::vector<AgentId> parse_agents(std::string_view text, const Roster& roster) {
  std::vector<AgentId> agents;
  for (const std::string& part : split(text, ','))
    for (const AgentId id : parse_range(part, roster)) agents.push_back(id);
  std::sort(agents.begin(), agents.end());
  agents.erase(std::unique(agents.begin(), agents.end()), agents.end());
  return agents;
}

std::string agent_names(const std::vector<AgentId>& agents, const Roster& roster) {
  std::string names;
  for (std::size_t i = 0; i < agents.size();) {
    const Group& group = roster.group_of(agents[i]);
    std::size_t last = i;
    while (last + 1 < agents.size() && index(agents[last + 1]) == index(agents[last]) + 1 &&
           group.agents.contains(agents[last + 1]))
      last++;
    const std::uint32_t from = group.agents.rank(agents[i]), to = group.agents.rank(agents[last]);
    names += names.empty() ? "" : ", ";
    names += from == to ? fmt::format("{}[{}]", group.name, from) : fmt::format("{}[{}..{}]", group.name, from, to);
    i = last + 1;
  }
  return names;
}

Arguments::Arguments(std::string_view text) {
  for (std::string& word : split(text, ' '))
    if (!word.empty()) words_.push_back(std::move(word));
}

std::optional<std::string> Arguments::take_any() {
  return take(words_.begin());
}

std::optional<std::string> Arguments::take_word() {
  return take(std::find_if_not(words_.begin(), words_.end(), is_option));
}

std::optional<std::string> Arguments::take(std::vector<std::string>::iterator word) {
  if (word == words_.end()) return std::nullopt;
  std::string taken = std::move(*word);
  words_.erase(word);
  return taken;
}

std::string Arguments::need_word(std::string_view what) {
  if (auto word = take_word()) return *word;
  throw LabError(fmt::format("{} is missing", what));
}

bool Arguments::take_flag(std::string_view word) {
  return take(std::find(words_.begin(), words_.end(), word)).has_value();
}

std::optional<std::string> Arguments::take_option(std::string_view key) {
  const std::string prefix = std::string(key) + "=";
  const auto word = take(
      std::find_if(words_.begin(), words_.end(), [&](const std::string& known) { return known.starts_with(prefix); }));
  return word ? std::optional(word->substr(prefix.size())) : std::nullopt;
}

std::optional<std::int64_t> Arguments::take_integer(std::string_view key) {
  const auto text = take_option(key);
  return text ? std::optional(parse_integer(*text)) : std::nullopt;
}

void Arguments::finish() const {
  if (!words_.empty()) throw LabError(fmt::format("`{}` is not expected here", words_.front()));
}

}  // namespace conclave::lab
