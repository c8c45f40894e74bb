#include "core/roster.hpp"

#include <fmt/core.h>

#include <algorithm>

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

}  // namespace conclave
