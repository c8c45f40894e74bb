// The order in which bids came does not matter: the published rule, asked again with the same bids forwards, backwards
// and from the middle, gives the first award of every task, with its payment.

#include <fmt/core.h>

#include <algorithm>

#include "checkers/auction_replay.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

class AuctionPermutation final : public Checker {
 public:
  AuctionPermutation(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (roster_.honest(event.agent)) book_.observe(event);
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [name, auction] : book_.auctions)
      if (!auction.scored.empty()) judge(name, auction);
    if (!violation_.empty()) return {false, violation_};
    if (judged_ == 0) return {false, "no award to judge"};
    return {true, fmt::format("{} first awards, the same in three orders of their bids", judged_)};
  }

 private:
  void judge(const AuctionName& name, const AuctionBook::Auction& auction) {
    const AuctionReplay replay(auction);
    std::vector<ConsideredBid> bids = replay.considered();
    const auto middle = bids.begin() + static_cast<std::ptrdiff_t>(bids.size() / 2);
    compare(name, auction, replay, bids, "forwards");
    std::reverse(bids.begin(), bids.end());
    compare(name, auction, replay, bids, "backwards");
    std::rotate(bids.begin(), middle, bids.end());
    compare(name, auction, replay, bids, "from the middle");
  }

  void compare(const AuctionName& name, const AuctionBook::Auction& auction, const AuctionReplay& replay,
               const std::vector<ConsideredBid>& bids, std::string_view order) {
    const AuctionReplay::Result result = replay.settle(replay.score(bids));
    for (std::size_t at = 0; at < replay.tasks().size(); at++) {
      const auto awards = auction.awarded.find(replay.tasks()[at].number);
      if (awards == auction.awarded.end() || awards->second.front().second->attempt != 1) continue;
      const TaskAwarded& award = *awards->second.front().second;
      judged_ += order == "forwards";
      const auto again = result.find(at);
      if (again != result.end() && again->second == std::pair(award.bidder, award.payment)) continue;
      if (!violation_.empty()) continue;
      violation_ = fmt::format(
          "auction {} of {}: task {} went to {} for {}; with the bids {} it goes to {}", name.second,
          roster_.name(name.first), award.task, roster_.name(award.bidder), award.payment, order,
          again == result.end() ? "nobody"
                                : fmt::format("{} for {}", roster_.name(again->second.first), again->second.second));
    }
  }

  const Roster& roster_;
  AuctionBook book_;
  std::uint64_t judged_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AuctionPermutation>(
    {.name = "auction_permutation", .family = "auction", .summary = "the order of arrival decides nothing"});

}  // namespace
}  // namespace conclave
