#include "cli/sweep_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace conclave {

namespace {

/// `3 h 20 min`, `1 min 5 s`, `8 s`
std::string duration_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

}  // namespace

SweepProgress::SweepProgress() : terminal_(isatty(STDERR_FILENO) == 1) {}

void SweepProgress::show(std::uint64_t done, std::uint64_t failed, std::uint64_t left) {
  if (!terminal_ || Clock::now() < next_) return;
  next_ = Clock::now() + std::chrono::milliseconds(200);
  shown_ = true;
  const double rate = static_cast<double>(done) / seconds();
  fmt::print(stderr, "\r\x1b[K  {} runs done, {} at most to do · {:.1f} runs/s", done, left, rate);
  if (done > 0) fmt::print(stderr, " · {} left", duration_text(static_cast<double>(left) / rate));
  if (failed > 0) fmt::print(stderr, " · {} without results", failed);
  std::fflush(stderr);
}

void SweepProgress::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace conclave
