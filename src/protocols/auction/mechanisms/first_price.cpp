// First-price sealed bid, as a purchase: the lowest price wins and is paid. A bidder who asks for its cost earns
// nothing, so it asks for more; how much more is a guess about its rivals (strategy.hpp). Nothing truthful is claimed.

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class FirstPrice final : public Mechanism {
 public:
  bool by_score() const override { return false; }
  std::vector<Settled> settle(const std::vector<AuctionTask>&, const std::vector<ScoredBid>& bids) const override {
    const BestTwo best = best_two(bids, better_price);
    if (!best.first) return {};
    return {{.task = 0, .bid = *best.first, .payment = bids[*best.first].price}};
  }
};

const bool registered = MechanismCatalog::add<FirstPrice>(
    {.name = "first_price", .family = "auction", .summary = "the lowest price wins and is paid"});

}  // namespace
}  // namespace conclave
