// The benchmark: a table whose rows each compare the simulator with something measured in the same run, or with a
// limit.
//
// SimGrid's engine is one per process, so every measurement is a process: the program runs itself with a case's name.
// Within a row the cases take turns, so that a machine that slows down slows them all.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace conclave::bench {

/// What one case has taken. `work` counts what the row counts: messages, timers, decisions.
struct Measurement {
  double seconds = 0;
  double work = 0;
  double peak_mib = 0;  ///< of the whole process; filled in by the driver

  double rate() const { return work / seconds; }
};

struct Case {
  std::string name;
  std::function<Measurement()> run;
};

/// By case, in the order of the row.
using Medians = std::vector<Measurement>;

struct Target {
  enum class Sense { at_least, at_most };
  std::size_t against;  ///< the case that the figure compares with; 0 if with none
  Sense sense;
  double limit;
  std::string unit;  ///< of the figure and the limit
  std::function<double(const Medians&)> figure;

  bool met(double value) const { return sense == Sense::at_least ? value >= limit : value <= limit; }
};

struct Row {
  std::string title;
  std::string counts;       ///< what `work` counts, in the plural
  std::vector<Case> cases;  ///< the simulator first, then what it is compared with
  std::vector<Target> targets;
  int repeats = 5;
};

/// The simulator's rate over that of case `other` must reach `limit`.
Target times_faster(std::size_t other, double limit);
/// The simulator must not take more than `limit` milliseconds.
Target within_milliseconds(double limit);

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// One function for each file of rows.
std::vector<Row> voting_rows();
std::vector<Row> queue_rows();
std::vector<Row> consensus_rows();
std::vector<Row> hierarchy_rows();
std::vector<Row> auction_rows();
std::vector<Row> scale_rows();
std::vector<Row> program_rows();
std::vector<Row> delivery_rows();
std::vector<Row> sweep_rows();

}  // namespace conclave::bench
