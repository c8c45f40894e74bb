// The published rule is obeyed: an award goes to the best of the bids that can be considered and have not had their
// chance, and promises the payment that the mechanism says. Scores are what their parts and the risk make them, and no
// bid above the reserve is considered. The rules are written here once more, for one task, from their definitions.
//
//   contract_net, confirmed_contract_net, first_score   best score      its price
//   second_score                                        best score      price + (score - next score), at most the
//   reserve first_price                                         lowest price    its price second_price lowest price the
//   next price, at most the reserve
//
// Auctions of several tasks are judged by auction_optimum, those in rounds by auction_epsilon.

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "checkers/auction_book.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

const std::set<std::string, std::less<>> kJudged{
    "contract_net", "confirmed_contract_net", "first_price", "second_price", "first_score", "second_score"};

class AuctionAwards final : public Checker {
 public:
  AuctionAwards(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (roster_.honest(event.agent)) book_.observe(event);
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [name, auction] : book_.auctions) {
      for (const auto& [task, bids] : auction.scored)
        for (const auto& bid : bids) judge_score(auction, *bid);
      if (auction.opened->tasks.size() > 1 || !kJudged.contains(auction.opened->terms.mechanism)) continue;
      for (const auto& [task, awards] : auction.awarded) judge_awards(name, auction, task, awards);
    }
    if (!violation_.empty()) return {false, violation_};
    if (judged_ == 0) return {false, "no award of a single task to judge"};
    return {true, fmt::format("{} awards of {} bids", judged_, scores_)};
  }

 private:
  using Bid = std::shared_ptr<const BidScored>;

  void judge_score(const AuctionBook::Auction& auction, const BidScored& bid) {
    scores_++;
    if (!bid.infeasible.empty()) return;
    Millionths sum = 0;
    for (const Millionths part : bid.parts) sum += part;
    if (bid.score != sum - scaled(auction.opened->terms.risk_aversion, bid.risk, kOne))
      fail(fmt::format("the score {} of {} in auction {} is not the sum of its parts less its risk", bid.score,
                       roster_.name(bid.bidder), bid.auction));
    if (const AuctionTask* task = auction.task(bid.task); !task || bid.price > task->reserve)
      fail(fmt::format("{} asks for {} in auction {}, more than the reserve, and is considered",
                       roster_.name(bid.bidder), bid.price, bid.auction));
  }

  void judge_awards(const AuctionName& name, const AuctionBook::Auction& auction, std::uint64_t task,
                    const std::vector<AuctionBook::Said<TaskAwarded>>& awards) {
    const std::string& mechanism = auction.opened->terms.mechanism;
    const bool by_price = mechanism == "first_price" || mechanism == "second_price";
    const auto scored = auction.scored.find(task);
    std::vector<Bid> left = scored == auction.scored.end() ? std::vector<Bid>() : scored->second;
    std::erase_if(left, [](const Bid& bid) { return !bid->infeasible.empty(); });
    std::sort(left.begin(), left.end(), [&](const Bid& a, const Bid& b) {
      const auto rank = [&](const BidScored& bid) {
        return std::tuple(by_price ? bid.price : -bid.score, bid.tie, index(bid.bidder));
      };
      return rank(*a) < rank(*b);
    });
    for (const auto& [at, award] : awards) {
      judged_++;
      const std::string what = fmt::format("at {:.6f} s {} awarded task {} to {}", seconds(at),
                                           roster_.name(name.first), task, roster_.name(award->bidder));
      if (left.empty()) return fail(what + ", who has not bid or has had its chance");
      if (left.front()->bidder != award->bidder)
        return fail(fmt::format("{}, but the best bid is that of {}", what, roster_.name(left.front()->bidder)));
      const Millionths due = payment(mechanism, left, auction.task(task)->reserve);
      if (award->payment != due) return fail(fmt::format("{} for {}; the rule says {}", what, award->payment, due));
      left.erase(left.begin());
    }
  }

  /// What the best of these, ranked, is to be paid.
  static Millionths payment(const std::string& mechanism, const std::vector<Bid>& ranked, Millionths reserve) {
    const BidScored& best = *ranked[0];
    if (mechanism == "second_price") return ranked.size() > 1 ? std::min(ranked[1]->price, reserve) : reserve;
    if (mechanism == "second_score")
      return ranked.size() > 1 ? std::min(best.price + best.score - ranked[1]->score, reserve) : reserve;
    return best.price;
  }

  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  AuctionBook book_;
  std::uint64_t judged_ = 0;
  std::uint64_t scores_ = 0;
  std::string violation_;
};

const bool registered =
    CheckerCatalog::add<AuctionAwards>({.name = "auction_awards",
                                        .family = "auction",
                                        .summary = "the best bid wins and is promised what the mechanism says"});

}  // namespace
}  // namespace conclave
