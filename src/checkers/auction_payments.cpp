// Money: who has fulfilled its contract is paid what the award said, once, and nobody else is paid; never more than the
// reserve, and never less than the winner had asked for, so that nobody is worse off for having bid (individual
// rationality). For honest bidders their true cost counts as well, which only they and this checker know.

#include <fmt/core.h>

#include <map>
#include <tuple>

#include "checkers/auction_book.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

class AuctionPayments final : public Checker {
 public:
  AuctionPayments(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (const auto* placed = event.record->as<BidPlaced>())
      return void(costs_[{placed->auctioneer, placed->task, event.agent}] = placed->cost);
    if (!roster_.honest(event.agent)) return;
    book_.observe(event);
    dispatch<ContractEnded, BidderPaid>(
        *event.record, Overload{
                           [&](const ContractEnded& ended) {
                             if (ended.end == ContractEnd::fulfilled && ended.quality_delivered >= ended.quality_due)
                               fulfilled_[{event.agent, ended.task}] = ended.bidder;
                           },
                           [&](const BidderPaid& paid) { on_paid(event, paid); },
                       });
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [task, bidder] : fulfilled_)
      if (!paid_.contains(task))
        fail(fmt::format("{} has fulfilled task {} of {} and was not paid", roster_.name(bidder), task.second,
                         roster_.name(task.first)));
    if (!violation_.empty()) return {false, violation_};
    if (paid_.empty()) return {false, "nobody has been paid"};
    return {true, fmt::format("{} payments, {} in all", paid_.size(), static_cast<double>(total_) / 1e6)};
  }

 private:
  void on_paid(const Event& event, const BidderPaid& paid) {
    const std::string what = fmt::format("at {:.6f} s {} paid {} to {} for task {}", seconds(event.time),
                                         roster_.name(event.agent), paid.amount, roster_.name(paid.bidder), paid.task);
    const TaskName task{event.agent, paid.task};
    if (!paid_.emplace(task, paid.amount).second) return fail(what + ", for the second time");
    total_ += paid.amount;
    const auto fulfilled = fulfilled_.find(task);
    if (fulfilled == fulfilled_.end() || fulfilled->second != paid.bidder)
      return fail(what + ", who has not fulfilled it");
    const AuctionBook::Auction* auction = book_.find(event.agent, paid.auction);
    if (!auction || !auction->task(paid.task)) return fail(what + ", which was never called");
    if (paid.amount > auction->task(paid.task)->reserve) fail(what + ", more than the reserve");
    judge_award(what, *auction, paid);
    const auto cost = costs_.find({event.agent, paid.task, paid.bidder});
    if (roster_.honest(paid.bidder) && cost != costs_.end() && paid.amount < cost->second)
      fail(fmt::format("{}, whose cost is {}", what, cost->second));
  }

  void judge_award(const std::string& what, const AuctionBook::Auction& auction, const BidderPaid& paid) {
    const auto awards = auction.awarded.find(paid.task);
    if (awards == auction.awarded.end()) return fail(what + ", without an award");
    const TaskAwarded& award = *awards->second.back().second;
    if (award.bidder != paid.bidder) return fail(what + ", who has not been awarded it");
    if (award.payment != paid.amount) fail(fmt::format("{}, but the award said {}", what, award.payment));
    const auto scored = auction.scored.find(paid.task);
    if (scored == auction.scored.end()) return;
    for (const auto& bid : scored->second)
      if (bid->bidder == paid.bidder && paid.amount < bid->price)
        fail(fmt::format("{}, who asked for {}", what, bid->price));
  }

  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  AuctionBook book_;
  std::map<std::tuple<AgentId, std::uint64_t, AgentId>, Millionths> costs_;
  std::map<TaskName, AgentId> fulfilled_;
  std::map<TaskName, Millionths> paid_;
  Millionths total_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AuctionPayments>(
    {.name = "auction_payments",
     .family = "auction",
     .summary = "who fulfils a contract is paid as awarded, once; individual rationality; never above the reserve"});

}  // namespace
}  // namespace conclave
