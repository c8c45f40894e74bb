// Asking the rules again: what would have come out of this auction with other bids? Scoring rule and mechanism are pure
// functions that the published terms name, so a checker can run them.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "checkers/auction_book.hpp"
#include "core/auction_rules.hpp"

namespace conclave {

/// A bid that was considered, as it was scored.
using ConsideredBid = std::shared_ptr<const BidScored>;

class AuctionReplay {
 public:
  explicit AuctionReplay(const AuctionBook::Auction& auction)
      : opened_(*auction.opened),
        rule_(make_by_name<ScoringCatalog>(auction.opened->terms.scoring)),
        mechanism_(make_by_name<MechanismCatalog>(auction.opened->terms.mechanism)) {
    for (const auto& [task, bids] : auction.scored)
      for (const ConsideredBid& bid : bids)
        if (bid->infeasible.empty()) considered_.push_back(bid);
  }

  const std::vector<ConsideredBid>& considered() const { return considered_; }
  const ScoringRule& rule() const { return *rule_; }
  const Mechanism& mechanism() const { return *mechanism_; }
  const std::vector<AuctionTask>& tasks() const { return opened_.tasks; }
  std::size_t position(const BidScored& bid) const { return bid.task - opened_.tasks.front().number; }

  /// Who gets a task, and for how much.
  using Result = std::map<std::size_t, std::pair<AgentId, Millionths>>;

  Result settle(const std::vector<ScoredBid>& bids) const {
    Result result;
    for (const Settled& each : mechanism_->settle(opened_.tasks, bids))
      result[each.task] = {bids[each.bid].bidder, each.payment};
    return result;
  }

  /// Scores these bids again, each at the price that `price_of` says. Bids above the reserve are left out.
  template <class PriceOf>
  std::vector<ScoredBid> score(const std::vector<ConsideredBid>& bids, PriceOf&& price_of) const {
    std::vector<ScoredBid> all;
    for (std::size_t at = 0; at < opened_.tasks.size(); at++) {
      std::vector<ConsideredBid> of_task;
      for (const ConsideredBid& bid : bids)
        if (position(*bid) == at && price_of(*bid) <= opened_.tasks[at].reserve && price_of(*bid) >= 0)
          of_task.push_back(bid);
      append_scored(of_task, at, price_of, all);
    }
    return all;
  }
  std::vector<ScoredBid> score(const std::vector<ConsideredBid>& bids) const {
    return score(bids, [](const BidScored& bid) { return bid.price; });
  }

 private:
  template <class PriceOf>
  void append_scored(const std::vector<ConsideredBid>& bids, std::size_t at, PriceOf&& price_of,
                     std::vector<ScoredBid>& all) const {
    if (bids.empty()) return;
    const std::vector<Criterion>& criteria = opened_.terms.criteria;
    CriteriaMatrix measured(static_cast<Eigen::Index>(bids.size()), static_cast<Eigen::Index>(criteria.size()));
    for (std::size_t i = 0; i < bids.size(); i++)
      for (std::size_t j = 0; j < criteria.size(); j++)
        measured(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
            criteria[j].of == Measure::cost ? price_of(*bids[i]) : bids[i]->measured[j];
    const Scores scores = rule_->score(criteria, measured);
    for (std::size_t i = 0; i < bids.size(); i++)
      all.push_back({.bidder = bids[i]->bidder,
                     .task = at,
                     .price = price_of(*bids[i]),
                     .score = scores.total(static_cast<Eigen::Index>(i)) -
                              scaled(opened_.terms.risk_aversion, bids[i]->risk, kOne),
                     .tie = bids[i]->tie});
  }

  const AuctionOpened& opened_;
  const std::shared_ptr<const ScoringRule> rule_;
  const std::shared_ptr<const Mechanism> mechanism_;
  std::vector<ConsideredBid> considered_;
};

}  // namespace conclave
