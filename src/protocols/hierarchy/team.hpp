// What a manager knows of those who report to it: how many work below each of them and at what, what each has been
// given, what waits. A task goes to the report that has least to do for its size, of equal ones to the first. No report
// has more than `window` tasks for each of its workers, so that what waits can still go elsewhere.
#pragma once

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "core/protocol.hpp"
#include "protocols/hierarchy/messages.hpp"

namespace conclave {

class Team {
 public:
  explicit Team(std::uint32_t window) : window_(window) {}
  void set_window(std::uint32_t window) { window_ = window; }

  /// The reports are those below the first of these nodes. What reports that are gone had been given waits again.
  /// Those of `kept` stand as they did; the others have to join anew.
  void reset(const std::vector<OrgNode>& nodes, const std::set<AgentId>& kept);
  bool has(AgentId report) const { return reports_.contains(report); }
  bool empty() const { return reports_.empty(); }
  std::vector<AgentId> reports() const;

  /// The report has taken its place; it has these tasks.
  void note_joined(const View& view, AgentId report, std::uint32_t members, const std::vector<TaskName>& held);
  bool all_joined() const;
  /// Reports that have not joined.
  std::vector<AgentId> missing() const;
  /// Of this manager and of all below it that have joined.
  std::uint32_t members() const;

  void enqueue(const OrderPtr& order);
  /// Gives out what can be given out. Returns what the manager has to do itself.
  std::vector<OrderPtr> dispatch(const View& view, Epoch epoch, Outbox& out);
  /// A report says that a task has ended. False if it had not been given it.
  bool settle(AgentId report, TaskName name);
  /// Takes back all that a report has been given: it waits again.
  std::vector<TaskName> take_back(AgentId report);
  /// Nothing more is given to it until it joins again.
  void exclude(AgentId report);
  bool joined(AgentId report) const;
  /// Of what it was given before `before`, what it does not hold: messages were lost.
  std::vector<OrderPtr> lost(AgentId report, const std::vector<TaskName>& held, Time before) const;
  /// What it was given before `before` and has not done; it waits for others now, and is not given to it again.
  std::vector<TaskName> take_overdue(AgentId report, Time before);
  /// Idle workers, and nothing that waits for them.
  bool hungry() const { return queue_.empty() && given_ < workers_; }
  /// What waits for a role that nobody below holds any more; it is gone from here.
  std::vector<OrderPtr> take_hopeless();
  /// A task that waits here is done already.
  void withdraw(TaskName name);
  /// Waiting or given out, ascending.
  std::vector<TaskName> held() const { return {held_.begin(), held_.end()}; }
  bool holds(TaskName name) const { return held_.contains(name); }
  std::size_t waiting() const { return queue_.size(); }
  std::size_t given() const { return given_; }
  /// All that waits, or its less urgent half; it is gone from here.
  std::vector<OrderPtr> give_away_all();
  std::vector<OrderPtr> give_away_half();
  /// Forgets a job.
  void forget(std::uint64_t job);

 private:
  struct Given {
    OrderPtr order;
    Time at;
  };
  struct Report {
    std::uint32_t members = 0;           ///< below it and itself, as planned
    std::uint32_t workers = 0;           ///< likewise
    std::vector<std::uint32_t> by_kind;  ///< workers for each kind of task
    std::vector<std::uint32_t> given_by_kind;
    std::map<TaskName, Given> given;
    std::set<TaskName> missed;  ///< that it has kept too long
    bool joined = false;
    std::uint32_t members_joined = 0;
  };
  using Rank = std::tuple<std::uint64_t, TaskName>;  ///< urgency, most first; name

  void wait(const OrderPtr& order) { queue_.emplace(Rank{~order->urgency, order->name}, order); }
  bool full() const { return given_ >= std::size_t{window_} * workers_; }

  bool may_take(const Report& report, const HierarchyDelegate& order) const;
  AgentId pick(const HierarchyDelegate& order) const;
  static void count_given(Report& report, const HierarchyDelegate& order, bool more);

  std::uint32_t window_;
  std::map<AgentId, Report> reports_;
  std::map<Rank, OrderPtr> queue_;
  std::set<TaskName> held_;  ///< waiting or given out
  std::size_t given_ = 0;
  std::size_t workers_ = 0;
};

}  // namespace conclave
