// How long to wait before the next attempt: exponential backoff with a cap and jitter (Brooker, "Exponential Backoff
// and Jitter", AWS Architecture Blog, 2015).
//
//   none           w = min(cap, base * factor^(k - 1)) after attempt k
//   equal          half of w for certain, the other half drawn
//   full           drawn from 0 to w
//   decorrelated   min(cap, drawn from base to three times the wait before)
//
// With loss p the mean wait until the first arrival is base * p / (1 - factor * p) without jitter, half of that with
// full jitter, and infinite for p >= 1 / factor unless something caps it.
#pragma once

#include <algorithm>

#include "core/distribution.hpp"
#include "core/params.hpp"

namespace conclave {

enum class BackoffJitter { none, equal, full, decorrelated };
template <>
struct Choices<BackoffJitter> {
  static constexpr std::pair<BackoffJitter, std::string_view> kNames[] = {
      {BackoffJitter::none, "none"},
      {BackoffJitter::equal, "equal"},
      {BackoffJitter::full, "full"},
      {BackoffJitter::decorrelated, "decorrelated"}};
};

struct Backoff {
  Factor factor = Factor::of(2);
  Duration cap = std::chrono::seconds(30);
  BackoffJitter jitter = BackoffJitter::equal;

  /// What one message has waited so far.
  struct State {
    Duration undrawn{};  ///< the last wait before jitter; zero before the first
    Duration last{};     ///< the last wait
  };

  /// The wait after the next attempt. `base` may change between attempts: it sets where the doubling begins.
  Duration next(State& state, Duration base, std::uint64_t word) const {
    state.undrawn = state.undrawn == Duration::zero() ? std::min(cap, base) : grown(state.undrawn);
    const Duration wait = state.undrawn;
    switch (jitter) {
      case BackoffJitter::none: state.last = wait; break;
      case BackoffJitter::equal: state.last = wait - wait / 2 + drawn(word, wait / 2); break;
      case BackoffJitter::full: state.last = drawn(word, wait); break;
      case BackoffJitter::decorrelated: {
        const Duration least = std::min(cap, base);
        const Duration most = std::max(least, std::min(cap, 3 * std::max(state.last, least)));
        state.last = least + drawn(word, most - least);
        break;
      }
    }
    return state.last;
  }

 private:
  Duration grown(Duration wait) const {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(wait.count()) * factor.millionths / Factor::kOne;
    return product > static_cast<Wide>(cap.count()) ? cap : Duration(static_cast<std::int64_t>(product));
  }
  static Duration drawn(std::uint64_t word, Duration most) {
    return Duration(static_cast<std::int64_t>(draw_below(word, static_cast<std::uint64_t>(most.count()))));
  }
};

}  // namespace conclave
