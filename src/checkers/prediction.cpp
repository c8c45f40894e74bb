// Prediction: whoever begins a job has said before what it expects of it, and before anybody has begun a task of it.
// Nothing expected is below what no schedule can beat. `error` bounds how far the measured makespan may be from the
// predicted one, where the scenario says that it can be foreseen.

#include <fmt/core.h>

#include <cstdlib>
#include <map>
#include <set>

#include "core/catalog.hpp"
#include "core/hierarchy_events.hpp"

namespace conclave {
namespace {

class Prediction final : public Checker {
 public:
  struct Options {
    std::optional<Probability> error;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().add("error", &Options::error,
                                "largest difference of makespans, as a share of the measured one; any if not given");
      return table;
    }
  };

  Prediction(const Options& options, const RunFacts& facts) : roster_(facts.roster), error_(options.error) {}

  void observe(const Event& event) override {
    if (const auto* said = event.record->as<PerformancePredicted>(); said && !roster_.honest(event.agent))
      known_.insert(said->job);
    if (!roster_.honest(event.agent) || !violation_.empty()) return;
    dispatch<PerformancePredicted, TaskStarted, JobStarted, JobFinished>(
        *event.record, Overload{
                           [&](const PerformancePredicted& said) { on_predicted(event, said); },
                           [&](const TaskStarted& task) { begun_.insert(task.job); },
                           [&](const JobStarted& job) {
                             if (!predicted_.contains({job.epoch, job.job}))
                               fail(event, fmt::format("begins job {} without having said what it expects", job.job));
                           },
                           [&](const JobFinished& job) { on_finished(event, job); },
                       });
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    if (finished_ == 0) return {false, "no job has ended, so nothing has been measured"};
    return {true, fmt::format("{} jobs predicted before they began; makespan off by {:.1f} % at most", finished_,
                              static_cast<double>(worst_) / 10)};
  }

 private:
  void on_predicted(const Event& event, const PerformancePredicted& said) {
    const bool first = known_.insert(said.job).second;
    if (first && begun_.contains(said.job))
      return fail(event, fmt::format("predicts job {} when it is under way", said.job));
    if (said.makespan < said.lower)
      return fail(event, fmt::format("expects job {} to be done before it can be", said.job));
    predicted_[{said.epoch, said.job}] = said.makespan;
  }

  void on_finished(const Event& event, const JobFinished& job) {
    finished_++;
    const auto said = predicted_.find({job.epoch, job.job});
    if (said == predicted_.end() || job.makespan.count() <= 0) return;
    const std::int64_t off = std::abs((said->second - job.makespan).count());
    const std::int64_t thousandths = off / std::max<std::int64_t>(1, job.makespan.count() / 1000);
    worst_ = std::max(worst_, thousandths);
    if (error_ && static_cast<double>(thousandths) > error_->value() * 1000)
      fail(event, fmt::format("took {:.6f} s for job {}, where {:.6f} s were expected", seconds(job.makespan), job.job,
                              seconds(said->second)));
  }

  void fail(const Event& event, const std::string& what) {
    violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  const std::optional<Probability> error_;
  std::map<std::pair<Epoch, std::uint64_t>, Duration> predicted_;
  std::set<std::uint64_t> known_;
  std::set<std::uint64_t> begun_;
  std::uint64_t finished_ = 0;
  std::int64_t worst_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<Prediction>(
    {.name = "prediction", .family = "hierarchy", .summary = "what is expected of a job is said before it begins"});

}  // namespace
}  // namespace conclave
