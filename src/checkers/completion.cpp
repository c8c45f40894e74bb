// Completion: every task of every job that an honest owner submits is completed or reported as failed, once, within a
// bound, and the results add up. Under one epoch a task is settled once; the owner accepts the end of a job once. The
// bound counts from the job, or from heal_at when the network was still broken then; jobs that are due after the end
// are not judged, and a run in which nothing could be judged does not hold.

#include <fmt/core.h>

#include <map>
#include <set>
#include <tuple>

#include "core/catalog.hpp"
#include "core/hierarchy_events.hpp"

namespace conclave {
namespace {

class Completion final : public Checker {
 public:
  struct Options {
    Duration within = std::chrono::seconds(60);
    std::optional<std::uint32_t> failed_most;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("within", &Options::within, "time in which a job must end", {.least = std::chrono::nanoseconds(1)})
              .add("failed_most", &Options::failed_most,
                   "tasks of a job that may be reported as failed; any if not given");
      return table;
    }
  };

  Completion(const Options& options, const RunFacts& facts)
      : roster_(facts.roster), heal_at_(facts.heal_at), within_(options.within), failed_most_(options.failed_most) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent) || !violation_.empty()) return;
    dispatch<JobSubmitted, TaskSettled, JobFinished, JobAccepted>(
        *event.record, Overload{
                           [&](const JobSubmitted& job) {
                             jobs_[job.job] = {event.time, job.tasks, false};
                           },
                           [&](const TaskSettled& task) { on_settled(event, task); },
                           [&](const JobFinished& job) { on_finished(event, job); },
                           [&](const JobAccepted& job) { on_accepted(event, job); },
                       });
  }

  Verdict conclude(const RunEnd& end) override {
    for (const auto& [id, job] : jobs_) {
      const Time due = std::max(job.since, heal_at_) + within_;
      if (job.accepted || due > end.at || !violation_.empty()) continue;
      violation_ = fmt::format("job {} of {} tasks, submitted at {:.6f} s, has not ended by {:.6f} s", id, job.tasks,
                               seconds(job.since), seconds(due));
    }
    if (!violation_.empty()) return {false, violation_};
    if (accepted_ == 0) return {false, "no job has ended"};
    return {true, fmt::format("{} jobs, {} tasks completed, {} reported as failed", accepted_, completed_, failed_)};
  }

 private:
  struct Job {
    Time since;
    std::uint64_t tasks = 0;
    bool accepted = false;
  };

  void on_settled(const Event& event, const TaskSettled& task) {
    if (!settled_.emplace(task.epoch, task.job, task.task).second)
      fail(event, fmt::format("settles task {} of job {} twice", task.task, task.job));
  }

  void on_finished(const Event& event, const JobFinished& finished) {
    const auto job = jobs_.find(finished.job);
    if (job == jobs_.end()) return fail(event, fmt::format("ends job {}, which nobody has submitted", finished.job));
    if (finished.completed + finished.failed != job->second.tasks)
      fail(event, fmt::format("ends job {} with {} of {} tasks", finished.job, finished.completed + finished.failed,
                              job->second.tasks));
  }

  void on_accepted(const Event& event, const JobAccepted& accepted) {
    const auto job = jobs_.find(accepted.job);
    if (job == jobs_.end() || job->second.accepted)
      return fail(event, fmt::format("accepts the end of job {} twice", accepted.job));
    job->second.accepted = true;
    accepted_++, completed_ += accepted.completed, failed_ += accepted.failed;
    if (!accepted.sound)
      return fail(event, fmt::format("accepts job {} with results that do not add up", accepted.job));
    if (failed_most_ && accepted.failed > *failed_most_)
      return fail(event, fmt::format("is told that {} tasks of job {} failed", accepted.failed, accepted.job));
    if (event.time > std::max(job->second.since, heal_at_) + within_)
      fail(event, fmt::format("hears of the end of job {}, submitted at {:.6f} s, too late", accepted.job,
                              seconds(job->second.since)));
  }

  void fail(const Event& event, const std::string& what) {
    violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  const Time heal_at_;
  const Duration within_;
  const std::optional<std::uint32_t> failed_most_;
  std::map<std::uint64_t, Job> jobs_;
  std::set<std::tuple<Epoch, std::uint64_t, std::uint32_t>> settled_;
  std::uint64_t accepted_ = 0;
  std::uint64_t completed_ = 0;
  std::uint64_t failed_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<Completion>(
    {.name = "completion", .family = "hierarchy", .summary = "every task is completed or reported, once, in time"});

}  // namespace
}  // namespace conclave
