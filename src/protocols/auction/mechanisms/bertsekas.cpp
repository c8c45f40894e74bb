// Bertsekas' auction with epsilon: bidding goes on in rounds (price_rounds.hpp), and when it is over each task is its
// holder's at the price that it has come down to. The assignment is within n epsilon of the best one, without anyone
// having told its costs. It is no truthful mechanism: who holds out may end with more.

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class Bertsekas final : public Mechanism {
 public:
  bool many_tasks() const override { return true; }
  bool by_score() const override { return false; }
  bool in_rounds() const override { return true; }

  std::vector<Settled> settle(const std::vector<AuctionTask>& tasks,
                              const std::vector<ScoredBid>& bids) const override {
    std::vector<Settled> settled;
    for (std::size_t task = 0; task < tasks.size(); task++) {
      const ScoredBid* best = nullptr;
      for (const ScoredBid& bid : bids)
        if (bid.task == task && (!best || better_price(bid, *best))) best = &bid;
      if (best)
        settled.push_back({.task = task, .bid = static_cast<std::size_t>(best - bids.data()), .payment = best->price});
    }
    return settled;
  }
};

const bool registered = MechanismCatalog::add<Bertsekas>(
    {.name = "bertsekas",
     .family = "auction",
     .summary = "prices fall in rounds until nobody undercuts; within n epsilon of the best assignment"});

}  // namespace
}  // namespace conclave
