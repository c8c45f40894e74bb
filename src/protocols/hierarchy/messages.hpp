// What the members of a hierarchy and the owners of jobs say to each other.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/codec.hpp"
#include "core/hierarchy_events.hpp"
#include "core/record.hpp"
#include "protocols/hierarchy/task_graph.hpp"

namespace conclave {

/// A task by name.
struct TaskName {
  std::uint64_t job = 0;
  std::uint32_t task = 0;
  auto operator<=>(const TaskName&) const = default;
  static void fields(auto& self, auto& field) {
    field("job", self.job);
    field("task", self.task);
  }
};

/// What a task's result is, so that anyone who knows the job can tell a true one.
constexpr std::uint64_t true_value(TaskName name) {
  return mix(mix(name.job) + name.task);
}

/// Owner to electors: a job to be done.
struct HierarchyJob : RecordOf<HierarchyJob> {
  static constexpr std::string_view kName = "hierarchy_job";
  std::uint64_t job = 0;
  std::vector<JobTask> tasks;
  static void fields(auto& self, auto& field) {
    field("job", self.job);
    field("tasks", self.tasks);
  }
};
using HierarchyJobPtr = std::shared_ptr<const HierarchyJob>;

/// Root to owner: how it ended.
struct HierarchyReport : RecordOf<HierarchyReport> {
  static constexpr std::string_view kName = "hierarchy_report";
  Epoch epoch;
  std::uint64_t job = 0;
  std::vector<std::uint32_t> failed;  ///< tasks, ascending
  std::uint64_t sum = 0;              ///< of the results of the others
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("job", self.job);
    field("failed", self.failed);
    field("sum", self.sum);
  }
};
using ReportPtr = std::shared_ptr<const HierarchyReport>;

/// Member to electors: what it can do.
struct HierarchyProfile : RecordOf<HierarchyProfile> {
  static constexpr std::string_view kName = "hierarchy_profile";
  std::vector<std::uint32_t> abilities;
  std::vector<std::uint32_t> capacity;
  std::uint32_t roles_max = 1;
  static void fields(auto& self, auto& field) {
    field("abilities", self.abilities);
    field("capacity", self.capacity);
    field("roles_max", self.roles_max);
  }
};

/// A root has made an agent the manager at a position. Whoever is to obey it can check that.
struct Appointment : RecordOf<Appointment> {
  static constexpr std::string_view kName = "appointment";
  Epoch epoch;
  std::uint32_t position = 0;
  AgentId holder = kNobody;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("position", self.position);
    field("holder", self.holder);
    field("signature", self.signature);
  }
};
using AppointmentPtr = std::shared_ptr<const Appointment>;

/// One place of the tree.
struct OrgNode {
  std::uint32_t position = 0;
  AgentId holder = kNobody;
  std::uint32_t parent = 0;      ///< index in the list that holds the node; its own if it has none there
  std::uint32_t skills = 0;      ///< bit k: it works at tasks of kind k. Managers have none
  std::uint32_t ability = 0;     ///< to lead
  AppointmentPtr appointment{};  ///< of managers
  static void fields(auto& self, auto& field) {
    field("position", self.position);
    field("holder", self.holder);
    field("parent", self.parent);
    field("skills", self.skills);
    field("ability", self.ability);
    field("appointment", self.appointment);
  }
};

/// Manager to report: you hold the first of these nodes, under me; the others are below you. Parents come first.
struct HierarchyCharter : RecordOf<HierarchyCharter> {
  static constexpr std::string_view kName = "hierarchy_charter";
  Epoch epoch;
  AppointmentPtr manager;  ///< of who sends this
  std::vector<OrgNode> nodes;
  std::vector<AgentId> peers;  ///< leaders of other teams, with whom work may be exchanged; ascending
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("manager", self.manager);
    field("nodes", self.nodes);
    field("peers", self.peers);
  }
};

/// Report to manager: I have taken my place, and so have all below me.
struct HierarchyJoined : RecordOf<HierarchyJoined> {
  static constexpr std::string_view kName = "hierarchy_joined";
  Epoch epoch;
  std::uint32_t members = 0;   ///< itself among them
  std::vector<TaskName> held;  ///< tasks that are somewhere in its charge
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("members", self.members);
    field("held", self.held);
  }
};

/// Every so often, to those one works with: I am here.
struct HierarchyBeat : RecordOf<HierarchyBeat> {
  static constexpr std::string_view kName = "hierarchy_beat";
  Epoch epoch;
  Time sent;
  Time echo;                   ///< when the root that this elector follows said what it last heard of it
  AgentId under = kNobody;     ///< its manager, as it believes
  Duration lag{};              ///< how much too late it or somebody below it comes to its beats
  std::vector<TaskName> held;  ///< said to the manager only: tasks that are somewhere in its charge
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("sent", self.sent);
    field("echo", self.echo);
    field("under", self.under);
    field("lag", self.lag);
    field("held", self.held);
  }
};

enum class LossReason : std::uint8_t { silent, slow, lied };

/// Manager upwards, to the root: one of those who report to me is gone, or should go.
struct HierarchyLoss : RecordOf<HierarchyLoss> {
  static constexpr std::string_view kName = "hierarchy_loss";
  Epoch epoch;
  AgentId manager = kNobody;
  AgentId gone = kNobody;
  LossReason reason{};
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("manager", self.manager);
    field("gone", self.gone);
    field("reason", self.reason);
  }
};

/// To one who believes to report to the sender: you do not.
struct HierarchyReleased : RecordOf<HierarchyReleased> {
  static constexpr std::string_view kName = "hierarchy_released";
  Epoch epoch;
  static void fields(auto& self, auto& field) { field("epoch", self.epoch); }
};

/// Root to electors: the whole organisation, in case that one of them has to take over.
struct HierarchyConstitution : RecordOf<HierarchyConstitution> {
  static constexpr std::string_view kName = "hierarchy_constitution";
  Epoch epoch;
  std::vector<OrgNode> nodes;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("nodes", self.nodes);
  }
};

/// Root to electors: this job is over.
struct HierarchyClosed : RecordOf<HierarchyClosed> {
  static constexpr std::string_view kName = "hierarchy_closed";
  Epoch epoch;
  std::shared_ptr<const HierarchyReport> report;  ///< as its owner was told
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("report", self.report);
  }
};

/// Team leader to team leader: my team has nothing to do.
struct HierarchySteal : RecordOf<HierarchySteal> {
  static constexpr std::string_view kName = "hierarchy_steal";
  Epoch epoch;
  static void fields(auto& self, auto& field) { field("epoch", self.epoch); }
};

/// And the answer, when nothing waits: neither has mine.
struct HierarchyNothing : RecordOf<HierarchyNothing> {
  static constexpr std::string_view kName = "hierarchy_nothing";
  Epoch epoch;
  static void fields(auto& self, auto& field) { field("epoch", self.epoch); }
};

/// Manager to report: drop these tasks.
struct HierarchyRecall : RecordOf<HierarchyRecall> {
  static constexpr std::string_view kName = "hierarchy_recall";
  Epoch epoch;
  std::vector<TaskName> names;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("names", self.names);
  }
};

/// Who may do a task: one who holds its role, or, as a fallback where nobody does, any worker, or the lowest manager.
enum class OrderKind : std::uint8_t { by_role, by_anyone, by_manager };

/// Manager to report: have this done.
struct HierarchyDelegate : RecordOf<HierarchyDelegate> {
  static constexpr std::string_view kName = "hierarchy_delegate";
  Epoch epoch;
  TaskName name;
  JobTask task;
  std::uint64_t urgency = 0;  ///< what has most goes first
  std::uint64_t oldest = 0;   ///< jobs before this one are over: nobody will ask for their results again
  OrderKind kind{};
  Filler input;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("name", self.name);
    field("task", self.task);
    field("urgency", self.urgency);
    field("oldest", self.oldest);
    field("kind", self.kind);
    field("input", self.input);
  }
};
using OrderPtr = std::shared_ptr<const HierarchyDelegate>;

/// Report to manager: it is done, or cannot be.
struct HierarchyResult : RecordOf<HierarchyResult> {
  static constexpr std::string_view kName = "hierarchy_result";
  Epoch epoch;
  TaskName name;
  bool completed = false;
  AgentId worker = kNobody;
  std::uint64_t value = 0;
  Duration elapsed{};  ///< that the worker has computed for
  Filler output;
  Signature signature;  ///< of the worker, so that nobody on the way can change what it says; none of what is not done
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("name", self.name);
    field("completed", self.completed);
    field("worker", self.worker);
    field("value", self.value);
    field("elapsed", self.elapsed);
    field("output", self.output);
    field("signature", self.signature);
  }
};
using ResultPtr = std::shared_ptr<const HierarchyResult>;

}  // namespace conclave
