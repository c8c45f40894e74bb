// Second score (Che 1993, section 3): the best score wins and must deliver a contract that is worth the runner-up's
// score to the buyer. It keeps the quality that it offered and is paid as much more than its price as its score was
// ahead, at most the reserve. That sum does not hang on its own price, so to ask for one's true cost is best whatever
// the others do, provided that scores are worth less price: with any other rule this would be a claim without a ground,
// and such scenarios are refused.

#include <algorithm>

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class SecondScore final : public Mechanism {
 public:
  bool needs_quasi_linear() const override { return true; }
  bool truthful() const override { return true; }
  std::vector<Settled> settle(const std::vector<AuctionTask>& tasks,
                              const std::vector<ScoredBid>& bids) const override {
    const BestTwo best = best_two(bids, better_score);
    if (!best.first) return {};
    const ScoredBid& winner = bids[*best.first];
    const Millionths reserve = tasks[0].reserve;
    const Millionths payment = best.second ? winner.price + winner.score - bids[*best.second].score : reserve;
    return {{.task = 0, .bid = *best.first, .payment = std::min(payment, reserve)}};
  }
};

const bool registered = MechanismCatalog::add<SecondScore>(
    {.name = "second_score",
     .family = "auction",
     .summary = "the best score in money wins and is paid what leaves the buyer the second best"});

}  // namespace
}  // namespace conclave
