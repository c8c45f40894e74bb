#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "core/units.hpp"

namespace conclave {

Progress::Progress(Time stop_at)
    : stop_at_(stop_at),
      terminal_(isatty(STDERR_FILENO) == 1),
      started_(Clock::now()),
      next_(started_ + std::chrono::seconds(1)) {}

void Progress::show(Time now) {
  if (!terminal_) return;
  const Clock::time_point wall = Clock::now();
  if (wall < next_) return;
  next_ = wall + std::chrono::milliseconds(200);
  shown_ = true;
  const double wall_s = std::chrono::duration<double>(wall - started_).count();
  fmt::print(stderr, "\r\x1b[K  {} of at most {} simulated, {:.3g} simulated s per s", rounded(now.time_since_epoch()),
             rounded(stop_at_.time_since_epoch()), seconds(now) / wall_s);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace conclave
