// Second-price sealed bid, as a purchase (Vickrey, "Counterspeculation, Auctions, and Competitive Sealed Tenders",
// Journal of Finance 16, 1961): the lowest price wins and is paid the second lowest, or the reserve when it is alone.
// What a winner is paid does not hang on its own bid, so to ask for one's true cost is best whatever the others do.

#include <algorithm>

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class SecondPrice final : public Mechanism {
 public:
  bool by_score() const override { return false; }
  bool truthful() const override { return true; }
  std::vector<Settled> settle(const std::vector<AuctionTask>& tasks,
                              const std::vector<ScoredBid>& bids) const override {
    const BestTwo best = best_two(bids, better_price);
    if (!best.first) return {};
    const Millionths reserve = tasks[0].reserve;
    return {{.task = 0,
             .bid = *best.first,
             .payment = best.second ? std::min(bids[*best.second].price, reserve) : reserve}};
  }
};

const bool registered = MechanismCatalog::add<SecondPrice>(
    {.name = "second_price", .family = "auction", .summary = "the lowest price wins and is paid the second lowest"});

}  // namespace
}  // namespace conclave
