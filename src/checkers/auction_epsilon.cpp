// Epsilon-complementary slackness when the rounds of Bertsekas' auction are over, by the true costs of honest bidders:
// what a holder gains from its task at the final prices is within epsilon of the most that it could gain from any, or
// from none; who holds nothing could gain at most epsilon; and a task that nobody holds is still at its reserve. From
// these three follows that the assignment is within n epsilon of the best.

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "checkers/auction_book.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

class AuctionEpsilon final : public Checker {
 public:
  AuctionEpsilon(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (const auto* placed = event.record->as<BidPlaced>())
      return void(costs_[{placed->auctioneer, placed->auction}][event.agent][placed->task] = placed->cost);
    if (!roster_.honest(event.agent)) return;
    book_.observe(event);
    if (event.record->as<PricesAgreed>())
      agreed_.emplace_back(event.agent, std::static_pointer_cast<const PricesAgreed>(event.record));
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [auctioneer, agreed] : agreed_)
      if (const AuctionBook::Auction* auction = book_.find(auctioneer, agreed->auction))
        judge(auctioneer, *auction, *agreed);
    if (!violation_.empty()) return {false, violation_};
    if (judged_ == 0) return {false, "no prices were agreed on"};
    return {true, fmt::format("{} bidders within epsilon of their best at the final prices", judged_)};
  }

 private:
  void judge(AgentId auctioneer, const AuctionBook::Auction& auction, const PricesAgreed& agreed) {
    const std::vector<AuctionTask>& tasks = auction.opened->tasks;
    const Millionths epsilon = auction.opened->terms.epsilon;
    for (std::size_t at = 0; at < tasks.size(); at++)
      if (agreed.holders[at] == kNobody && agreed.prices[at] != tasks[at].reserve)
        fail(fmt::format("auction {} of {}: nobody holds task {}, but its price is {}", agreed.auction,
                         roster_.name(auctioneer), tasks[at].number, agreed.prices[at]));
    const auto known = costs_.find({auctioneer, agreed.auction});
    if (known == costs_.end()) return;
    for (const auto& [bidder, costs] : known->second) {
      if (!roster_.honest(bidder)) continue;
      judged_++;
      Millionths best = 0, own = 0;
      for (std::size_t at = 0; at < tasks.size(); at++) {
        const auto cost = costs.find(tasks[at].number);
        if (cost == costs.end()) continue;
        best = std::max(best, agreed.prices[at] - cost->second);
        if (agreed.holders[at] == bidder) own = agreed.prices[at] - cost->second;
      }
      if (own + epsilon < best)
        fail(fmt::format("auction {} of {}: {} gains {} where it could gain {} at these prices", agreed.auction,
                         roster_.name(auctioneer), roster_.name(bidder), own, best));
    }
  }
  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  AuctionBook book_;
  std::map<AuctionName, std::map<AgentId, std::map<std::uint64_t, Millionths>>> costs_;
  std::vector<std::pair<AgentId, std::shared_ptr<const PricesAgreed>>> agreed_;
  std::uint64_t judged_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AuctionEpsilon>(
    {.name = "auction_epsilon",
     .family = "auction",
     .summary = "when prices are agreed on, nobody could gain epsilon more with another task"});

}  // namespace
}  // namespace conclave
