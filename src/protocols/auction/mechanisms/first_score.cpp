// First score (Che, "Design Competition Through Multidimensional Auctions", RAND Journal of Economics 24, 1993): the
// best score wins and is paid its price. As in a first-price auction bidders ask for more than their cost. It claims
// nothing about honesty, and needs scores in money so that a bidder can say which score it offers.

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class FirstScore final : public Mechanism {
 public:
  bool needs_quasi_linear() const override { return true; }
  std::vector<Settled> settle(const std::vector<AuctionTask>&, const std::vector<ScoredBid>& bids) const override {
    const BestTwo best = best_two(bids, better_score);
    if (!best.first) return {};
    return {{.task = 0, .bid = *best.first, .payment = bids[*best.first].price}};
  }
};

const bool registered = MechanismCatalog::add<FirstScore>(
    {.name = "first_score", .family = "auction", .summary = "the best score in money wins and is paid its price"});

}  // namespace
}  // namespace conclave
