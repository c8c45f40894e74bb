// A line on the terminal while a sweep goes on: how many runs are done, how fast, how long it will take.
#pragma once

#include <chrono>
#include <cstdint>

namespace conclave {

class SweepProgress {
 public:
  SweepProgress();
  /// `left` is how many runs are still needed at most.
  void show(std::uint64_t done, std::uint64_t failed, std::uint64_t left);
  /// Takes the line away.
  void clear();
  double seconds() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  const bool terminal_;
  const Clock::time_point started_ = Clock::now();
  Clock::time_point next_ = started_;
  bool shown_ = false;
};

}  // namespace conclave
