// Baselines (b) and (c): event loops with nothing around them. No agents, no records, no fingerprint, no metrics, and
// no contention at receivers; agents are numbers and messages are too.
#pragma once

#include <cstdint>

#include "bench/bench.hpp"

namespace conclave::bench {

/// The delays of a star whose legs grow from host to host. A sender's copies leave one after the other.
struct Star {
  std::uint32_t agents;
  std::int64_t serialisation_ns;  ///< of one message on one link

  std::int64_t leg_ns(std::uint32_t agent) const { return 500'000 + 100 * static_cast<std::int64_t>(agent); }
  std::int64_t delay_ns(std::uint32_t from, std::uint32_t to) const {
    return leg_ns(from) + leg_ns(to) + serialisation_ns;
  }
};

// Baseline (b): a std::priority_queue from which deliveries are popped, and into which those that follow are pushed.

/// The traffic of the protocol bench_rounds.
Measurement rounds_by_heap(const Star& star, std::uint32_t rounds);
/// The traffic of the protocol bench_ask.
Measurement questions_by_heap(const Star& star, std::uint32_t questions);
/// `timers` within a second, every other one cancelled: marked, and dropped when it comes up.
Measurement timers_by_heap(std::uint32_t timers);

/// Baseline (c): the traffic of bench_rounds in windows as long as the smallest delay, receiver by receiver.
Measurement rounds_by_windows(const Star& star, std::uint32_t rounds);

}  // namespace conclave::bench
