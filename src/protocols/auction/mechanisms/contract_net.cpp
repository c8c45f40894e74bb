// Contract net (FIPA SC00029H): the best score wins and is paid what it asked for. Bidders keep room for every bid
// until they hear of the award, so one who bids in many auctions must refuse others (compare confirmed_contract_net).
// Nobody claims that it pays to be honest here: a bid above one's cost wins less often and earns more.

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class ContractNet final : public Mechanism {
 public:
  std::vector<Settled> settle(const std::vector<AuctionTask>&, const std::vector<ScoredBid>& bids) const override {
    const BestTwo best = best_two(bids, better_score);
    if (!best.first) return {};
    return {{.task = 0, .bid = *best.first, .payment = bids[*best.first].price}};
  }
};

const bool registered = MechanismCatalog::add<ContractNet>(
    {.name = "contract_net", .family = "auction", .summary = "the best score wins and is paid what it asked for"});

}  // namespace
}  // namespace conclave
