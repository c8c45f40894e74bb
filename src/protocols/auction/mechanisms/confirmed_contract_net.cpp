// Confirmed contract net (Schillo, Kray, Fischer, "The Eager Bidder Problem", DFKI TM-01-01 and AAMAS 2002): bids
// promise nothing. The bidder with the best score is asked whether it still will, then the next, down the ranking. So a
// bidder can bid everywhere and keeps room only for what it wins; the price is more declined awards.

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class ConfirmedContractNet final : public Mechanism {
 public:
  bool confirms() const override { return true; }
  std::vector<Settled> settle(const std::vector<AuctionTask>&, const std::vector<ScoredBid>& bids) const override {
    const BestTwo best = best_two(bids, better_score);
    if (!best.first) return {};
    return {{.task = 0, .bid = *best.first, .payment = bids[*best.first].price}};
  }
};

const bool registered = MechanismCatalog::add<ConfirmedContractNet>(
    {.name = "confirmed_contract_net",
     .family = "auction",
     .summary = "bids promise nothing; the best score is asked first, and paid what it asked for"});

}  // namespace
}  // namespace conclave
