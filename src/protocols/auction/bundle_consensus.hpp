// The consensus phase of CBBA: what an agent makes of a neighbour's table (Choi, Brunet, How, table I). Pure.
#pragma once

#include <algorithm>
#include <vector>

#include "core/auction_messages.hpp"

namespace conclave {

/// What one agent believes of all tasks.
struct BundleBeliefs {
  std::vector<Millionths> bids;
  std::vector<AgentId> winners;  ///< kNobody where there is none
  std::vector<Time> heard;       ///< by rank: when it last had word of each agent, from it or through others

  BundleBeliefs(std::size_t tasks, std::size_t agents) : bids(tasks, 0), winners(tasks, kNobody), heard(agents) {}
  bool operator==(const BundleBeliefs&) const = default;

  void clear(std::size_t task) { bids[task] = 0, winners[task] = kNobody; }
};

/// Whether bid `a` of `by` beats bid `b` of `other`; of equal bids the lower agent's wins, and any bid beats none.
inline bool outbids(Millionths a, AgentId by, Millionths b, AgentId other) {
  return a > b || (a == b && index(by) < index(other));
}

/// Takes in `table` of `from`, received at `now`. `self` and `from` are of `group`.
void take_in(BundleBeliefs& own, AgentId self, AgentRange group, AgentId from, const BundleTable& table, Time now);

}  // namespace conclave
