// Vickrey-Clarke-Groves: all tasks at once, at most one for each bidder. The assignment saves most against the reserves
// of all (bidder, task) pairs, found exactly, and each winner is paid what its presence is worth to the others plus
// what it asked for: its price plus the best saving with it less the best saving without it. For one task that is the
// second price.
//
//   payment_i = price_i + W(N) - W(N without i),   W = most that can be saved, the sum of (reserve - price)
//
// To ask for one's true cost is best whatever the others do, because the assignment is exact: with a greedy one the
// same payments would invite lies. Exactness is LEMON's (core/best_assignment.hpp). Bids are offered to it in the order
// of their lots, so equal assignments are decided by them and not by the order of arrival.

#include <algorithm>
#include <numeric>

#include "core/auction_rules.hpp"
#include "core/best_assignment.hpp"

namespace conclave {
namespace {

class Vcg final : public Mechanism {
 public:
  bool many_tasks() const override { return true; }
  bool by_score() const override { return false; }
  bool truthful() const override { return true; }

  std::vector<Settled> settle(const std::vector<AuctionTask>& tasks,
                              const std::vector<ScoredBid>& bids) const override {
    std::vector<std::size_t> order(bids.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(bids[a].tie, index(bids[a].bidder), bids[a].task) <
             std::tuple(bids[b].tie, index(bids[b].bidder), bids[b].task);
    });
    const Matching best = best_assignment(savings(tasks, bids, order, kNobody));
    std::vector<Settled> settled;
    for (const std::size_t place : best.chosen) {
      const ScoredBid& bid = bids[order[place]];
      const std::int64_t without = best_assignment(savings(tasks, bids, order, bid.bidder)).gain;
      settled.push_back({.task = bid.task, .bid = order[place], .payment = bid.price + best.gain - without});
    }
    std::sort(settled.begin(), settled.end(), [](const Settled& a, const Settled& b) { return a.task < b.task; });
    return settled;
  }

 private:
  /// What each bid saves against the reserve, those of `absent` left at nothing. A bid that saves nothing does not win.
  static std::vector<Pairing> savings(const std::vector<AuctionTask>& tasks, const std::vector<ScoredBid>& bids,
                                      const std::vector<std::size_t>& order, AgentId absent) {
    std::vector<Pairing> all;
    all.reserve(order.size());
    for (const std::size_t at : order) {
      const ScoredBid& bid = bids[at];
      const std::int64_t saved = bid.bidder == absent ? 0 : tasks[bid.task].reserve - bid.price;
      all.push_back({.left = index(bid.bidder), .right = static_cast<std::uint32_t>(bid.task), .gain = saved});
    }
    return all;
  }
};

const bool registered = MechanismCatalog::add<Vcg>(
    {.name = "vcg",
     .family = "auction",
     .summary = "all tasks at once, exactly; each winner is paid what its presence is worth"});

}  // namespace
}  // namespace conclave
