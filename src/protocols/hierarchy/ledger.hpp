// A root's book of a job: which tasks are ready, which are settled, and what the results add up to. A task is ready
// when all that it needs is completed; if one of those fails, it fails too.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "protocols/hierarchy/messages.hpp"

namespace conclave {

class TaskLedger {
 public:
  /// Requires a well-formed graph.
  TaskLedger(AgentId owner, HierarchyJobPtr job, Time began);

  AgentId owner() const { return owner_; }
  const HierarchyJob& job() const { return *job_; }
  Time began() const { return began_; }
  std::uint64_t urgency_of(std::uint32_t task) const { return urgency_[task]; }
  /// Of a task's input: the results that it needs.
  std::uint32_t input_bytes(std::uint32_t task) const;

  struct Settled {
    std::uint32_t task;
    bool completed;
    std::string reason;
  };
  /// Notes how a task has ended and returns what that settles, itself first; nothing if it was settled before. Tasks
  /// that it makes ready are added to ready().
  std::vector<Settled> settle(std::uint32_t task, bool completed, std::uint64_t value, std::string reason);
  /// Tasks that have become ready since the last call, ascending.
  std::vector<std::uint32_t> take_ready() { return std::exchange(ready_, {}); }
  bool settled(std::uint32_t task) const { return task >= state_.size() || state_[task] != State::open; }
  bool over() const { return open_ == 0; }
  std::uint64_t completed() const { return state_.size() - open_ - failed_.size(); }
  std::vector<std::uint32_t> failed() const { return {failed_.begin(), failed_.end()}; }
  std::uint64_t sum() const { return sum_; }

 private:
  enum class State : std::uint8_t { open, completed, failed };

  AgentId owner_;
  HierarchyJobPtr job_;
  Time began_;
  std::vector<std::uint64_t> urgency_;
  std::vector<std::vector<std::uint32_t>> successors_;
  std::vector<std::size_t> missing_;
  std::vector<State> state_;
  std::vector<std::uint32_t> ready_;
  std::set<std::uint32_t> failed_;
  std::size_t open_;
  std::uint64_t sum_ = 0;
};

}  // namespace conclave
