#include "sweep/schedule.hpp"

#include <algorithm>

#include "sweep/stop_rule.hpp"

namespace conclave {

Schedule::Schedule(const Sweep& sweep, const std::vector<std::size_t>& points)
    : sweep_(sweep), progress_(sweep.points.size()) {
  for (const std::size_t point : points) {
    progress_[point].settled = false;
    left_ += sweep.repetitions_max();
    allow(point, sweep.repetitions);
  }
}

void Schedule::done(SweepTask task, std::optional<double> value) {
  Progress& progress = progress_[task.point];
  if (progress.settled || !progress.results.emplace(task.repetition, value).second) return;
  left_--;
  while (!progress.settled && progress.results.contains(progress.known)) {
    progress.known++;
    if (progress.known == progress.allowed) judge(task.point);
  }
}

std::optional<SweepTask> Schedule::next() {
  while (!ready_.empty()) {
    const auto [repetition, point] = *ready_.begin();
    ready_.erase(ready_.begin());
    Progress& progress = progress_[point];
    progress.issued++;
    progress.queued = false;
    allow(point, progress.allowed);
    if (!progress.results.contains(repetition)) return SweepTask{point, repetition};
  }
  return std::nullopt;
}

void Schedule::allow(std::size_t point, std::uint32_t repetitions) {
  Progress& progress = progress_[point];
  progress.allowed = repetitions;
  if (progress.queued || progress.issued >= progress.allowed) return;
  ready_.emplace(progress.issued, point);
  progress.queued = true;
}

void Schedule::judge(std::size_t point) {
  Progress& progress = progress_[point];
  std::vector<std::optional<double>> values;
  for (std::uint32_t i = 0; i < progress.known; i++) values.push_back(progress.results.at(i));
  progress.settled = !sweep_.until || is_settled(*sweep_.until, values);
  if (!progress.settled) return allow(point, std::min(sweep_.until->max, progress.allowed + sweep_.until->every));
  // What was done beyond what was needed has been counted already.
  const auto counted = static_cast<std::uint32_t>(progress.results.size());
  left_ -= sweep_.repetitions_max() - std::min(counted, sweep_.repetitions_max());
}

}  // namespace conclave
