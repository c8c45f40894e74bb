// A `conclave` of its own process: SimGrid's engine runs once per process, and a crash must not take the tests along.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace conclave {

/// What a child prints at most: the rest is thrown away.
inline constexpr std::size_t kChildOutputMax = std::size_t{64} << 20;

struct ChildResult {
  int exit_code = -1;  ///< if it exited
  std::string ending;  ///< how it ended if it did not exit: "was killed by signal 11 (Segmentation fault)"
  std::string output;  ///< its standard output
  std::string errors;  ///< its standard error
  double wall_time_s = 0;

  bool exited() const { return ending.empty(); }
};

/// Runs this very program with other arguments, and kills it when it takes longer than `limit`. Threads may call it at
/// the same time.
ChildResult run_child(const std::vector<std::string>& arguments, std::chrono::nanoseconds limit);

}  // namespace conclave
