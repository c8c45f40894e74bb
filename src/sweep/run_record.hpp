// One run of a sweep and what came of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace conclave {

/// How a run ended: `ok` has results, whatever its verdict; the others have a reason.
inline constexpr std::string_view kRunOk = "ok";
inline constexpr std::string_view kRunRefused = "refused";     ///< the scenario with these values is no valid one
inline constexpr std::string_view kRunCrashed = "crashed";     ///< a signal, or a fault of Conclave's own
inline constexpr std::string_view kRunTimedOut = "timed out";  ///< killed at the time limit

struct Metric {
  std::string name;
  std::string unit;
  double value = 0;
  bool operator==(const Metric&) const = default;
};

struct RunRecord {
  std::string key;        ///< hash of all that the result hangs on
  std::size_t point = 0;  ///< its number within the sweep, from 0
  std::uint64_t seed = 0;
  std::string status;
  std::string reason;   ///< of a run without results
  std::string verdict;  ///< "pass" or "fail"
  std::string fingerprint;
  std::string decisions_fingerprint;
  std::vector<Metric> metrics;
  double wall_time_s = 0;  ///< differs from run to run: left out of exports unless asked for
  std::string host;

  bool ok() const { return status == kRunOk; }
};

}  // namespace conclave
