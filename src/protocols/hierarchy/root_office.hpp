// What whoever stands at the root does besides being a manager: it knows the profiles and the jobs, plans, predicts,
// keeps the books of the jobs, and tells their owners how they ended.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/protocol.hpp"
#include "protocols/hierarchy/ledger.hpp"
#include "protocols/hierarchy/organisation.hpp"
#include "protocols/hierarchy/planning.hpp"
#include "protocols/hierarchy/prediction.hpp"
#include "protocols/hierarchy/team.hpp"

namespace conclave {

/// Jobs that an elector remembers at most; an owner whose job is not taken offers it again.
inline constexpr std::size_t kJobsMax = 1000;

class RootOffice {
 public:
  RootOffice(PlanningRules rules, PredictionFacts facts, std::uint32_t retries)
      : rules_(std::move(rules)), facts_(facts), retries_(retries) {}

  void note_profile(AgentId agent, Profile profile) { profiles_[agent] = std::move(profile); }
  /// Takes in a job that an owner offers. False if it is no job, or known.
  bool note_job(AgentId owner, const HierarchyJobPtr& job);
  /// The job is over: its owner has been told this.
  void note_closed(const ReportPtr& report);
  /// Tells the owner again, if that is a job that is over. False if it is not.
  bool tell_again(AgentId owner, std::uint64_t job, Epoch epoch, Outbox& out) const;
  bool has_jobs() const { return !jobs_.empty(); }
  std::uint32_t ability_to_lead(AgentId agent) const { return profiles_.at(agent).abilities[kLead]; }

  /// An organisation for the jobs that are there. Requires one.
  std::vector<OrgNode> found(const View& view, Epoch epoch, Outbox& out);
  /// Signs the appointment of every manager that has none for this epoch, and says who has a role that it had not
  /// `before`. Works out which kinds of tasks nobody is for.
  void appoint(const View& view, Epoch epoch, std::vector<OrgNode>& nodes, const std::vector<OrgNode>& before,
               Outbox& out);
  /// The kinds of tasks that an agent without a place may work at, as bits.
  std::uint32_t skills_for(AgentId agent) const;
  struct Change {
    Duration gain;
    Duration price;
  };
  /// What a new design would gain and cost, if the gain is above the price by that share of the makespan.
  std::optional<Change> better_design(const View& view, const std::vector<OrgNode>& nodes, Probability margin) const;
  /// Most that may report to one: as designed, or, for a root that has taken over, as it found it.
  std::uint32_t span(const std::vector<OrgNode>& nodes) const { return std::max(span_, widest(nodes)); }
  /// What a hand-over to another design costs: a charter and an answer for everybody, sent one after the other, and a
  /// round trip down and up the levels.
  Duration price_of(std::size_t members) const {
    return (facts_.message * 2) * static_cast<std::int64_t>(members) + facts_.latency * 4;
  }
  /// From now on designs are trees of that span.
  void narrow(std::uint32_t span) {
    rules_.structure = StructureKind::tree;
    rules_.span = std::max(2u, span);
  }
  /// Takes over from another root: the organisation was this.
  void reopen(const View& view, const std::vector<OrgNode>& nodes, std::uint32_t ability);
  /// It is root no more.
  void forget_progress();
  /// Begins with all jobs that wait: predicts, and gives their first tasks to the team.
  void begin_jobs(const View& view, Epoch epoch, const std::vector<OrgNode>& nodes, Team& team, Outbox& out);
  /// A task has ended. Whatever has come to its end by that is said.
  void settle(const View& view, Epoch epoch, const HierarchyResult& result, Team& team, Outbox& out);
  /// Agents that have been seen since the last call to lack the least ability for what they work at.
  std::vector<AgentId> take_unfit() { return std::exchange(unfit_, {}); }
  /// What owners have been told since the last call.
  std::vector<ReportPtr> take_finished() { return std::exchange(finished_, {}); }

 private:
  struct Offer {
    AgentId owner;
    HierarchyJobPtr job;
  };
  std::vector<JobTask> all_tasks() const;
  void say_role(Epoch epoch, const OrgNode& node, Outbox& out) const;
  Paces paces(const std::vector<OrgNode>& nodes) const;
  void cover(Epoch epoch, const std::vector<OrgNode>& nodes, bool said, Outbox& out);
  void release(const View& view, Epoch epoch, TaskLedger& ledger, Team& team, Outbox& out);
  void close(const View& view, Epoch epoch, const TaskLedger& ledger, Outbox& out);
  OrderPtr order_of(Epoch epoch, const TaskLedger& ledger, std::uint32_t task) const;
  void say_settled(Epoch epoch, const TaskLedger& ledger, const std::vector<TaskLedger::Settled>& settled,
                   AgentId worker, Outbox& out) const;

  PlanningRules rules_;
  const PredictionFacts facts_;
  const std::uint32_t retries_;
  Profiles profiles_;
  Incumbency incumbency_;
  std::map<std::uint64_t, Offer> jobs_;          ///< not over
  std::map<std::uint64_t, ReportPtr> closed_;    ///< the last kJobsMax
  std::map<std::uint64_t, TaskLedger> ledgers_;  ///< of those that this root has begun
  std::vector<ReportPtr> finished_;
  std::set<std::uint64_t> analysed_;
  bool planned_ = false;  ///< a plan has been made and not enacted
  struct Pace {
    Duration expected;
    Duration taken;
    std::uint32_t tasks = 0;
  };
  void observe(const HierarchyResult& result, const JobTask& task, Outbox& out);
  std::map<std::pair<AgentId, std::uint32_t>, Pace> paces_;  ///< by kind of task
  std::vector<AgentId> unfit_;
  std::map<TaskName, std::uint32_t> failures_;
  std::uint32_t span_ = 0;
  std::uint32_t uncovered_ = 0;
  std::uint32_t needed_ = 0;  ///< kinds of tasks that the jobs have, as bits
};

}  // namespace conclave
