// The work of one agent: tasks one after the other, in the order of arrival, each a computation on its host. Who has
// less of a skill than its role needs takes longer in that proportion.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/protocol.hpp"
#include "protocols/hierarchy/messages.hpp"
#include "protocols/hierarchy/profile.hpp"

namespace conclave {

/// A task takes at most so many times as long as it would an able agent.
inline constexpr std::uint64_t kSlowdownMax = 100;

class Labour {
 public:
  Labour(Profile truth, std::vector<std::uint32_t> needs) : truth_(std::move(truth)), needs_(std::move(needs)) {}

  /// Queues a task. False if it has it already, or has done it.
  bool take(const View& view, AgentId manager, const OrderPtr& order, Outbox& out);
  /// The result of the computation that has ended, for `manager`; null if it was called off.
  ResultPtr finish(const View& view, const WorkFinished& work, Outbox& out);
  /// Forgets a task; the computation may go on, but nobody waits for it. False if there is none such.
  bool drop(const View& view, TaskName name, Outbox& out);
  /// What it has is its by the order of this epoch now.
  void renew(AgentId manager, Epoch epoch);
  /// What it did, if it did that.
  ResultPtr done(TaskName name) const;
  /// The results of all that it has done of jobs that are not over.
  const std::map<TaskName, ResultPtr>& all_done() const { return done_; }
  /// In the queue or under way, ascending.
  std::vector<TaskName> held() const;
  /// After an outage: what was under way begins again.
  void restart(const View& view, Outbox& out);
  bool idle() const { return queue_.empty(); }

 private:
  struct Item {
    AgentId manager;
    OrderPtr order;
  };
  void begin(const View& view, Outbox& out);
  std::uint64_t flops_of(const HierarchyDelegate& order) const;

  Profile truth_;
  std::vector<std::uint32_t> needs_;  ///< by kind of task
  std::deque<Item> queue_;            ///< the first is under way
  Time began_{};
  std::uint64_t oldest_ = 0;  ///< job of which results are kept
  std::uint64_t computations_ = 0;
  std::map<TaskName, ResultPtr> done_;
};

}  // namespace conclave
