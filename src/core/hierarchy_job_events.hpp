// What hierarchies emit of jobs and tasks, from the owner who submits a job to the one who accepts its end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hierarchy_epoch.hpp"
#include "core/ids.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

/// An owner has a job done.
struct JobSubmitted : RecordOf<JobSubmitted> {
  static constexpr std::string_view kName = "job_submitted";
  std::uint64_t job = 0;
  std::uint64_t tasks = 0;
  static void fields(auto& self, auto& field) {
    field("job", self.job);
    field("tasks", self.tasks);
  }
};

/// A root begins to have a job done.
struct JobStarted : RecordOf<JobStarted> {
  static constexpr std::string_view kName = "job_started";
  Epoch epoch;
  std::uint64_t job = 0;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("job", self.job);
  }
};

/// A worker has begun to compute a task that came to it by the order of `epoch`.
struct TaskStarted : RecordOf<TaskStarted> {
  static constexpr std::string_view kName = "task_started";
  Epoch epoch;
  std::uint64_t job = 0;
  std::uint32_t task = 0;
  AgentId manager = kNobody;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("job", self.job);
    field("task", self.task);
    field("manager", self.manager);
  }
};

struct TaskFinished : RecordOf<TaskFinished> {
  static constexpr std::string_view kName = "task_finished";
  std::uint64_t job = 0;
  std::uint32_t task = 0;
  Duration elapsed{};
  static void fields(auto& self, auto& field) {
    field("job", self.job);
    field("task", self.task);
    field("elapsed", self.elapsed);
  }
};

/// A root knows how a task has ended.
struct TaskSettled : RecordOf<TaskSettled> {
  static constexpr std::string_view kName = "task_settled";
  static constexpr bool kDecision = true;
  Epoch epoch;
  std::uint64_t job = 0;
  std::uint32_t task = 0;
  bool completed = false;
  AgentId worker = kNobody;
  std::string reason;  ///< why it is not completed
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("job", self.job);
    field("task", self.task);
    field("completed", self.completed);
    field("worker", self.worker);
    field("reason", self.reason);
  }
};

/// A root has settled every task of a job.
struct JobFinished : RecordOf<JobFinished> {
  static constexpr std::string_view kName = "job_finished";
  Epoch epoch;
  std::uint64_t job = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  Duration makespan{};
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("job", self.job);
    field("completed", self.completed);
    field("failed", self.failed);
    field("makespan", self.makespan);
  }
};

/// An owner has been told the end of its job, by one whose epoch is the highest that it has seen.
struct JobAccepted : RecordOf<JobAccepted> {
  static constexpr std::string_view kName = "job_accepted";
  static constexpr bool kDecision = true;
  Epoch epoch;
  std::uint64_t job = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  bool sound = false;  ///< the results add up to what the owner knows they must
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("job", self.job);
    field("completed", self.completed);
    field("failed", self.failed);
    field("sound", self.sound);
  }
};

}  // namespace conclave
