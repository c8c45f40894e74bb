// Simulated time: int64 nanoseconds since the start of the run, the only time that any logic knows.
#pragma once

#include <chrono>
#include <cstdint>

namespace conclave {

using Duration = std::chrono::duration<std::int64_t, std::nano>;

/// Tag for the simulation's own clock. It has no now(): time reaches a protocol only through its View.
struct SimulatedClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  static constexpr bool is_steady = true;
};

using Time = std::chrono::time_point<SimulatedClock, Duration>;

inline constexpr Time kStartOfRun{};
inline constexpr Time kNever = Time::max();

/// Longest span that a scenario may name, about 115 days. Sums of a few of them stay far from overflow.
inline constexpr Duration kLongestDuration = std::chrono::hours(24 * 115);

/// Later than any run, and so far from the end of time that a duration can be added.
inline constexpr Time kFarFuture{Duration(std::int64_t{1} << 61)};

constexpr std::int64_t nanoseconds(Duration d) {
  return d.count();
}
constexpr std::int64_t nanoseconds(Time t) {
  return t.time_since_epoch().count();
}
constexpr double seconds(Duration d) {
  return static_cast<double>(d.count()) * 1e-9;
}
constexpr double seconds(Time t) {
  return seconds(t.time_since_epoch());
}

}  // namespace conclave
