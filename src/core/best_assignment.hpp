// The best assignment: of agents to tasks, each at most once, so that the sum of gains is largest. Exact, in integers,
// by LEMON's network simplex (Dezső, Jüttner, Kovács, "LEMON: an open source C++ graph template library", ENTCS 264,
// 2011).
#pragma once

#include <cstdint>
#include <vector>

namespace conclave {

/// An agent and a task that could be brought together, and what that gains.
struct Pairing {
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  std::int64_t gain = 0;
};

struct Matching {
  std::int64_t gain = 0;
  std::vector<std::size_t> chosen;  ///< positions in the pairings, ascending
};

/// Pairings that gain nothing are left out. Requires gains of less than 2^40. The same pairings in the same order give
/// the same assignment, whichever of several best ones it is.
Matching best_assignment(const std::vector<Pairing>& pairings);

}  // namespace conclave
