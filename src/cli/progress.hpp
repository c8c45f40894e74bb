// A line on the terminal while a long run goes on: simulated time, and how fast it passes. Nothing when there is no
// terminal.
#pragma once

#include <chrono>

#include "core/time.hpp"

namespace conclave {

class Progress {
 public:
  explicit Progress(Time stop_at);
  /// Shows where the run is, at most a few times a second and not in its first second.
  void show(Time now);
  /// Takes the line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  const Time stop_at_;
  const bool terminal_;
  const Clock::time_point started_;
  Clock::time_point next_;
  bool shown_ = false;
};

}  // namespace conclave
