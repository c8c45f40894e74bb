// What hierarchies emit: the vocabulary shared by their protocols, their checkers and their outcome.
//
// Quantities are integers: suitability, criticality and shares in thousandths, work in floating-point operations, time
// in nanoseconds. So no result of a hierarchy hangs on floating point.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hierarchy_epoch.hpp"
#include "core/hierarchy_job_events.hpp"
#include "core/ids.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

/// An agent says what it can do, whether or not that is true. The first ability is that of leading.
struct ProfileDeclared : RecordOf<ProfileDeclared> {
  static constexpr std::string_view kName = "profile_declared";
  std::vector<std::uint32_t> abilities;  ///< by skill, 0 to 100
  std::vector<std::uint32_t> capacity;   ///< by resource
  std::uint32_t roles_max = 1;
  static void fields(auto& self, auto& field) {
    field("abilities", self.abilities);
    field("capacity", self.capacity);
    field("roles_max", self.roles_max);
  }
};

/// A root has looked at a job before planning it.
struct TaskAnalysed : RecordOf<TaskAnalysed> {
  static constexpr std::string_view kName = "task_analysed";
  std::uint64_t job = 0;
  std::uint64_t tasks = 0;
  std::uint64_t edges = 0;
  std::uint64_t work_flops = 0;    ///< T1: of all tasks
  std::uint64_t span_flops = 0;    ///< T∞: of the longest chain
  std::uint64_t width = 0;         ///< most tasks that are equally deep
  std::uint64_t cut_bytes = 0;     ///< on all edges: what crosses the network when no two tasks share a place
  std::uint64_t failure_cost = 0;  ///< of all tasks
  std::uint64_t uncertainty = 0;   ///< of the work, in thousandths of it
  static void fields(auto& self, auto& field) {
    field("job", self.job);
    field("tasks", self.tasks);
    field("edges", self.edges);
    field("work_flops", self.work_flops);
    field("span_flops", self.span_flops);
    field("width", self.width);
    field("cut_bytes", self.cut_bytes);
    field("failure_cost", self.failure_cost);
    field("uncertainty", self.uncertainty);
  }
};

/// A root has designed the shape of its organisation.
struct StructureDesigned : RecordOf<StructureDesigned> {
  static constexpr std::string_view kName = "structure_designed";
  Epoch epoch;
  std::string structure;  ///< flat, tree, deep, teams, hybrid
  std::uint32_t members = 0;
  std::uint32_t managers = 0;  ///< the root among them
  std::uint32_t levels = 0;    ///< below the root
  std::uint32_t span = 0;      ///< most that report to one
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("structure", self.structure);
    field("members", self.members);
    field("managers", self.managers);
    field("levels", self.levels);
    field("span", self.span);
    field("reason", self.reason);
  }
};

/// What an agent lacks for a role, and how that is made up: its work takes longer in the proportion of needs to has.
struct Adaptation {
  std::uint32_t skill = 0;
  std::uint32_t has = 0;
  std::uint32_t needs = 0;
  static void fields(auto& self, auto& field) {
    field("skill", self.skill);
    field("has", self.has);
    field("needs", self.needs);
  }
};

/// A root has given a role to an agent.
struct RoleAssigned : RecordOf<RoleAssigned> {
  static constexpr std::string_view kName = "role_assigned";
  static constexpr bool kDecision = true;
  Epoch epoch;
  std::uint32_t position = 0;  ///< in the tree
  std::string role;
  AgentId holder = kNobody;
  std::uint32_t suitability = 0;  ///< in thousandths
  std::uint32_t confidence = 0;   ///< in thousandths: how much of what it claims has been seen
  std::uint32_t expected = 0;     ///< pace at the role, in thousandths of a fully able agent's
  std::vector<std::uint32_t> demand;
  std::vector<Adaptation> adaptations;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("position", self.position);
    field("role", self.role);
    field("holder", self.holder);
    field("suitability", self.suitability);
    field("confidence", self.confidence);
    field("expected", self.expected);
    field("demand", self.demand);
    field("adaptations", self.adaptations);
  }
};

/// A role that nobody can take, and what is done instead.
struct RoleUnassigned : RecordOf<RoleUnassigned> {
  static constexpr std::string_view kName = "role_unassigned";
  static constexpr bool kDecision = true;
  Epoch epoch;
  std::string role;
  std::uint32_t count = 0;
  std::uint32_t criticality = 0;
  std::string reason;
  std::string fallback;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("role", self.role);
    field("count", self.count);
    field("criticality", self.criticality);
    field("reason", self.reason);
    field("fallback", self.fallback);
  }
};

/// One who lacked the ability does the work of a role that nobody holds.
struct FallbackExecuted : RecordOf<FallbackExecuted> {
  static constexpr std::string_view kName = "fallback_executed";
  std::uint64_t job = 0;
  std::uint32_t task = 0;
  std::string fallback;
  static void fields(auto& self, auto& field) {
    field("job", self.job);
    field("task", self.task);
    field("fallback", self.fallback);
  }
};

/// An assignment of roles to agents together with the problem that it solves and, if it claims to be optimal, the dual
/// solution that proves it: see checkers/assignment_certificate.cpp for the arithmetic.
struct AssignmentCertified : RecordOf<AssignmentCertified> {
  static constexpr std::string_view kName = "assignment_certified";
  static constexpr bool kDecision = true;
  Epoch epoch;
  std::string stage;   ///< managers, workers
  std::string method;  ///< greedy, optimal
  std::vector<std::string> roles;
  std::vector<std::uint64_t> counts;     ///< by role: how many are wanted
  std::vector<std::uint64_t> penalties;  ///< by role: cost of one left empty
  std::vector<AgentId> agents;
  std::vector<std::uint64_t> slots;  ///< by agent: roles that it may hold
  std::uint32_t resources = 0;
  std::vector<std::uint64_t> demands;         ///< by role and resource
  std::vector<std::uint64_t> capacities;      ///< by agent and resource
  std::vector<std::int64_t> costs;            ///< by role and agent; negative where the role cannot be given
  std::vector<std::vector<AgentId>> holders;  ///< by role
  std::int64_t cost = 0;                      ///< of these holders and of what is left empty
  std::int64_t bound = 0;                     ///< no assignment costs less
  std::vector<std::int64_t> role_duals;       ///< by role; empty when nothing is claimed
  std::vector<std::int64_t> agent_duals;      ///< by agent
  std::vector<std::int64_t> resource_duals;   ///< by agent and resource
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("stage", self.stage);
    field("method", self.method);
    field("roles", self.roles);
    field("counts", self.counts);
    field("penalties", self.penalties);
    field("agents", self.agents);
    field("slots", self.slots);
    field("resources", self.resources);
    field("demands", self.demands);
    field("capacities", self.capacities);
    field("costs", self.costs);
    field("holders", self.holders);
    field("cost", self.cost);
    field("bound", self.bound);
    field("role_duals", self.role_duals);
    field("agent_duals", self.agent_duals);
    field("resource_duals", self.resource_duals);
  }
};

/// What the root expects of a job, said before any of it is done.
struct PerformancePredicted : RecordOf<PerformancePredicted> {
  static constexpr std::string_view kName = "performance_predicted";
  Epoch epoch;
  std::uint64_t job = 0;
  Duration makespan{};
  Duration lower{};             ///< max(T1 / P, T∞): nobody is faster
  Duration upper{};             ///< T1 / P + T∞ (1 - 1 / P): no greedy schedule without overheads is slower
  std::uint64_t messages = 0;   ///< of the job, without heartbeats, if nothing fails
  std::uint64_t load_mean = 0;  ///< busy share of a worker, in thousandths of the makespan
  std::uint64_t load_max = 0;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("job", self.job);
    field("makespan", self.makespan);
    field("lower", self.lower);
    field("upper", self.upper);
    field("messages", self.messages);
    field("load_mean", self.load_mean);
    field("load_max", self.load_max);
  }
};

/// An agent has taken its place: it knows to whom it reports.
struct MemberJoined : RecordOf<MemberJoined> {
  static constexpr std::string_view kName = "member_joined";
  Epoch epoch;
  std::uint32_t position = 0;
  AgentId manager = kNobody;  ///< nobody above the root
  std::uint32_t reports = 0;  ///< that report to it
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("position", self.position);
    field("manager", self.manager);
    field("reports", self.reports);
  }
};

/// A root has heard from everybody below it.
struct StructureReady : RecordOf<StructureReady> {
  static constexpr std::string_view kName = "structure_ready";
  Epoch epoch;
  std::uint32_t members = 0;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("members", self.members);
  }
};

/// An order or a report of an epoch that is over has been turned away.
struct StaleRefused : RecordOf<StaleRefused> {
  static constexpr std::string_view kName = "stale_refused";
  AgentId sender = kNobody;
  Epoch sent;
  Epoch known;
  std::string message;
  static void fields(auto& self, auto& field) {
    field("sender", self.sender);
    field("sent", self.sent);
    field("known", self.known);
    field("message", self.message);
  }
};

/// A detector has not heard from an agent for too long.
struct Suspected : RecordOf<Suspected> {
  static constexpr std::string_view kName = "suspected";
  AgentId suspect = kNobody;
  Duration silence{};  ///< since it was heard from, or since it has been watched
  static void fields(auto& self, auto& field) {
    field("suspect", self.suspect);
    field("silence", self.silence);
  }
};

/// A member has caught another one at what it must not do: `forged result`, `false result`, `tasks kept too long`,
/// `false alarms`.
struct MemberAccused : RecordOf<MemberAccused> {
  static constexpr std::string_view kName = "member_accused";
  AgentId accused = kNobody;
  std::string offence;
  std::uint64_t job = 0;
  std::uint32_t task = 0;
  static void fields(auto& self, auto& field) {
    field("accused", self.accused);
    field("offence", self.offence);
    field("job", self.job);
    field("task", self.task);
  }
};

/// A root has seen that an agent is slower at a skill than it has claimed to be.
struct AbilityObserved : RecordOf<AbilityObserved> {
  static constexpr std::string_view kName = "ability_observed";
  AgentId agent = kNobody;
  std::uint32_t skill = 0;
  std::uint32_t claimed = 0;
  std::uint32_t observed = 0;
  static void fields(auto& self, auto& field) {
    field("agent", self.agent);
    field("skill", self.skill);
    field("claimed", self.claimed);
    field("observed", self.observed);
  }
};

/// A team leader takes tasks that wait with another one.
struct WorkTaken : RecordOf<WorkTaken> {
  static constexpr std::string_view kName = "work_taken";
  AgentId from = kNobody;
  std::uint64_t job = 0;
  std::uint32_t task = 0;
  static void fields(auto& self, auto& field) {
    field("from", self.from);
    field("job", self.job);
    field("task", self.task);
  }
};

/// An elector begins to look for a new root.
struct ElectionCalled : RecordOf<ElectionCalled> {
  static constexpr std::string_view kName = "election_called";
  Epoch known;
  std::string method;
  static void fields(auto& self, auto& field) {
    field("known", self.known);
    field("method", self.method);
  }
};

/// An elector stands at the root from here on.
struct LeaderElected : RecordOf<LeaderElected> {
  static constexpr std::string_view kName = "leader_elected";
  static constexpr bool kDecision = true;
  Epoch epoch;
  static void fields(auto& self, auto& field) { field("epoch", self.epoch); }
};

/// An agent has given up its place.
struct PlaceLeft : RecordOf<PlaceLeft> {
  static constexpr std::string_view kName = "place_left";
  Epoch epoch;
  std::uint32_t position = 0;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("position", self.position);
    field("reason", self.reason);
  }
};

/// A root has changed its organisation.
struct Reorganised : RecordOf<Reorganised> {
  static constexpr std::string_view kName = "reorganised";
  static constexpr bool kDecision = true;
  Epoch epoch;
  std::string reason;
  AgentId about = kNobody;
  bool forced = false;  ///< somebody has gone or come; otherwise the root could have left things as they were
  Duration gain{};      ///< that is expected of a change which is not forced
  Duration price{};     ///< of the hand-over, likewise
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("reason", self.reason);
    field("about", self.about);
    field("forced", self.forced);
    field("gain", self.gain);
    field("price", self.price);
  }
};

/// A manager has lost a report, or work of its own has failed, and it stops the work of a report. What comes to a halt
/// last was begun first.
struct WorkStopped : RecordOf<WorkStopped> {
  static constexpr std::string_view kName = "work_stopped";
  std::uint64_t incident = 0;
  AgentId report = kNobody;
  std::uint32_t order = 0;  ///< of its start among the reports
  std::uint64_t tasks = 0;
  static void fields(auto& self, auto& field) {
    field("incident", self.incident);
    field("report", self.report);
    field("order", self.order);
    field("tasks", self.tasks);
  }
};

/// The work that an incident has stopped begins again.
struct WorkRestarted : RecordOf<WorkRestarted> {
  static constexpr std::string_view kName = "work_restarted";
  std::uint64_t incident = 0;
  std::string strategy;
  Duration backoff{};
  static void fields(auto& self, auto& field) {
    field("incident", self.incident);
    field("strategy", self.strategy);
    field("backoff", self.backoff);
  }
};

/// Too many incidents in too short a time: the manager gives all its work back.
struct Escalated : RecordOf<Escalated> {
  static constexpr std::string_view kName = "escalated";
  std::uint64_t incident = 0;
  std::uint64_t tasks = 0;
  static void fields(auto& self, auto& field) {
    field("incident", self.incident);
    field("tasks", self.tasks);
  }
};

}  // namespace conclave
