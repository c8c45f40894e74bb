// Which run is next. Repetition by repetition through all points, so that an early end has covered the whole design;
// with a stop rule, a point gets another repetition when its former ones are known and do not suffice. What is run
// hangs on results alone, never on how many workers there are or when they end.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sweep/design.hpp"

namespace conclave {

struct SweepTask {
  std::size_t point = 0;
  std::uint32_t repetition = 0;
  bool operator==(const SweepTask&) const = default;
};

class Schedule {
 public:
  /// `points` are those to run: numbers of points of the sweep. Borrows the sweep.
  Schedule(const Sweep& sweep, const std::vector<std::size_t>& points);

  /// Notes that a run has this result: the value of the stop rule's metric, or none. In any order.
  void done(SweepTask task, std::optional<double> value);
  /// The next run that is needed and not known to be done; nothing when there is none now. It is not given out again.
  std::optional<SweepTask> next();
  /// Runs that are still needed at most, those under way included.
  std::uint64_t left() const { return left_; }

 private:
  struct Progress {
    std::map<std::uint32_t, std::optional<double>> results;  ///< by repetition
    std::uint32_t allowed = 0;                               ///< repetitions that may run
    std::uint32_t issued = 0;                                ///< repetitions that have been given out, or were done
    std::uint32_t known = 0;                                 ///< repetitions 0..known-1 are done
    bool queued = false;                                     ///< it is in ready_
    bool settled = true;
  };

  void allow(std::size_t point, std::uint32_t repetitions);
  /// Whether it needs more, now that all that was allowed is done.
  void judge(std::size_t point);

  const Sweep& sweep_;
  std::vector<Progress> progress_;                         ///< by point
  std::set<std::pair<std::uint32_t, std::size_t>> ready_;  ///< the next repetition of each point that may run
  std::uint64_t left_ = 0;
};

}  // namespace conclave
