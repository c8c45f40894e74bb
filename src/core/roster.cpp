#include "core/roster.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace conclave {

AgentRange Roster::add(std::string name, std::uint32_t count, std::string protocol) {
  const AgentRange agents{agent(size()), count};
  groups_.push_back({std::move(name), agents, std::move(protocol)});
  faulty_.resize(faulty_.size() + count, false);
  return agents;
}

void Roster::mark_faulty(AgentId id) {
  faulty_.at(index(id)) = true;
}

const Group* Roster::find(std::string_view name) const {
  const auto found =
      std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) { return group.name == name; });
  return found == groups_.end() ? nullptr : &*found;
}

const Group& Roster::group_of(AgentId id) const {
  const auto after = std::upper_bound(groups_.begin(), groups_.end(), id,
                                      [](AgentId wanted, const Group& group) { return wanted < group.agents.first; });
  return *std::prev(after);
}

std::string Roster::name(AgentId id) const {
  if (index(id) >= size()) return "nobody";
  const Group& group = group_of(id);
  return fmt::format("{}[{}]", group.name, group.agents.rank(id));
}

std::optional<AgentId> Roster::agent_called(std::string_view name) const {
  const std::size_t bracket = name.find('[');
  const Group* group = find(name.substr(0, bracket));
  if (!group || bracket == std::string_view::npos || name.back() != ']') return std::nullopt;
  const std::string_view digits = name.substr(bracket + 1, name.size() - bracket - 2);
  std::uint32_t rank = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), rank);
  if (failed != std::errc() || end != digits.data() + digits.size() || rank >= group->agents.count) return std::nullopt;
  return group->agents[rank];
}

}  // namespace conclave
