// Baseline (a): rounds of votes as SimGrid is used by the book, with an actor and a mailbox for each agent.
#pragma once

#include <cstdint>

#include "bench/bench.hpp"

namespace conclave::bench {

enum class ActorsForm {
  plain,    ///< shared split-duplex links, SimGrid's default network model, detached sends
  fastest,  ///< no contention: FATPIPE links, no cross-traffic, no TCP window; sends that are kept until the round is
            ///< over
};

/// The traffic of the protocol bench_rounds on the platform of voting.cpp.
Measurement vote_with_actors(std::uint32_t agents, std::uint32_t rounds, ActorsForm form);

}  // namespace conclave::bench
