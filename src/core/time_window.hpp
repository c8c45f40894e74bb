// A span of simulated time in which something acts.
#pragma once

#include "core/time.hpp"

namespace conclave {

/// From `from` on, until just before `until`.
struct TimeWindow {
  Time from = kStartOfRun;
  Time until = kNever;

  constexpr bool contains(Time at) const { return from <= at && at < until; }
  constexpr bool overlaps(const TimeWindow& other) const { return from < other.until && other.from < until; }
  /// True if no moment of `other` lies outside.
  constexpr bool covers(const TimeWindow& other) const { return from <= other.from && other.until <= until; }
  constexpr bool operator==(const TimeWindow&) const = default;
};

}  // namespace conclave
