// Who takes part in a run: groups of agents, as the scenario declares them. Read-only during a run, shared by all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"

namespace conclave {

struct Group {
  std::string name;
  AgentRange agents;
  std::string protocol;  ///< name of the innermost protocol of its stack
};

class Roster {
 public:
  /// Appends a group of `count` agents after those already there and returns their numbers.
  AgentRange add(std::string name, std::uint32_t count, std::string protocol);
  /// Declares that the scenario has corrupted this agent: checkers hold only honest agents to their promises.
  void mark_faulty(AgentId id);

  std::uint32_t size() const { return static_cast<std::uint32_t>(faulty_.size()); }
  const std::vector<Group>& groups() const { return groups_; }
  bool honest(AgentId id) const { return index(id) < size() && !faulty_[index(id)]; }
  /// The group of that name, or nullptr.
  const Group* find(std::string_view name) const;
  /// The group of an agent. Requires a valid id.
  const Group& group_of(AgentId id) const;
  /// How people call an agent: `replica[3]`.
  std::string name(AgentId id) const;
  /// The agent that people call so; nothing if there is none.
  std::optional<AgentId> agent_called(std::string_view name) const;

 private:
  std::vector<Group> groups_;
  std::vector<char> faulty_;
};

}  // namespace conclave
