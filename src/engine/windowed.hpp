// The windowed executor: no message sent inside a window shorter than the smallest latency can arrive inside it, so
// within a window each agent runs to completion alone, in its own time order, with its state in the first-level cache,
// in any order of agents and on any number of threads. The result is that of the exact executor, event by event.
//
//   repeat until nothing is left
//     the next window [k L, (k + 1) L) in which anything happens; L is the smallest latency of the platform
//     each worker, for each of its agents with something to do:
//       gather the broadcasts that reach it in the window, in order of their last bits
//       merge them with its own occurrences (single messages, timers, wake-ups), and handle all in content order
//     all together: what was sent joins what is in flight
//
// It needs a positive smallest latency, and no SimGrid activities.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/executor.hpp"
#include "engine/window_worker.hpp"

namespace conclave {

/// Windows shorter than this are not worth their while.
inline constexpr Duration kLookaheadMin = std::chrono::microseconds(1);
/// Offsets within a window fit 31 bits.
inline constexpr Duration kLookaheadMax = std::chrono::seconds(2);

/// A broadcast that link rules may delay is judged again for each window in which it could arrive. From this number of
/// windows on it is cheaper to keep what is late.
inline constexpr std::int64_t kWindowsLookedBack = 16;

class WindowCrew;

class WindowedExecutor final : public Executor {
 public:
  /// Requires why_not() to be empty and threads >= 1.
  WindowedExecutor(Simulation& simulation, Poll poll, unsigned threads);
  ~WindowedExecutor() override;

  /// Why this simulation needs the exact executor; nullopt if it does not.
  static std::optional<std::string> why_not(const Simulation& simulation);

  void run_until(Time horizon) override;
  void finished(Ticket ticket, Time at, bool completed) override;
  Time now() const override { return now_; }
  bool interrupted() const override { return interrupted_; }
  Time last_event() const override;

 private:
  std::optional<std::int64_t> next_window() const;
  void run_window(std::int64_t window);
  void merge();
  Lane& lane_of(const Broadcast& broadcast, Duration turn);
  void join_lane(Broadcast&& broadcast);
  void drop_landed(Time before);

  WindowState state_;
  const Poll poll_;
  Time now_;
  bool interrupted_ = false;
  std::int64_t last_window_ = -1;
  /// A broadcast that has arrived everywhere, though links may still be busy with it.
  struct Landed {
    Time busy_until;
    std::uint32_t broadcast;
  };
  std::deque<Landed> landed_;  ///< ascending
  std::vector<std::unique_ptr<WindowWorker>> workers_;
  std::unique_ptr<WindowCrew> crew_;  ///< only with several workers
};

}  // namespace conclave
