// Runs a scenario on SimGrid, once: the engine is one per process and its clock does not return to zero.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/checker.hpp"
#include "core/hash.hpp"
#include "engine/platform.hpp"
#include "scenario/scenario.hpp"
#include "trace/metrics.hpp"

namespace conclave {

/// Threads that a run may have at most.
inline constexpr unsigned kThreadsMax = 64;

struct RunOptions {
  std::vector<Observer*> observers;  ///< borrowed; see the events in canonical order
  std::function<bool(Time)> poll{};  ///< called now and then with the simulated time; true ends the run early
  unsigned threads = 1;              ///< of the windowed executor
};

struct RunResult {
  RunEnd end;
  Time last_event;  ///< when something happened for the last time
  Hash128 fingerprint;            ///< of all events
  Hash128 decisions_fingerprint;  ///< of decisions only
  Metrics metrics;
  std::uint64_t events = 0;
};

/// A platform that is ready to run: what is known before the first event, for the head of the trace.
struct RunPlan {
  std::string executor;
  std::string executor_reason;
  std::string simgrid_version;
  std::string network;  ///< the model and its parameters
  std::uint32_t hosts = 0;
};

/// One run. The constructor finds the errors of the scenario against its platform; start() moves the clock.
class Run {
 public:
  /// Throws PlatformError. SimGrid aborts the process on some broken platform files, so files are tried in a child
  /// process first.
  explicit Run(const Scenario& scenario);
  ~Run();
  const RunPlan& plan() const;
  /// Requires that it has not been called before.
  RunResult start(const RunOptions& options);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace conclave
