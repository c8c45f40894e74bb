// Which bids count: none that arrives after the deadline, one of each bidder, and of honest bidders only what they have
// bid, in this auction, at this price. A bid that an honest auctioneer scores as an honest bidder's is one that this
// bidder has placed.

#include <fmt/core.h>

#include <map>
#include <set>
#include <tuple>

#include "checkers/auction_book.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

class AuctionBids final : public Checker {
 public:
  AuctionBids(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (const auto* placed = event.record->as<BidPlaced>())
      return void(placed_[{placed->auctioneer, placed->auction, placed->task, event.agent}] = placed->price);
    if (!roster_.honest(event.agent)) return;
    dispatch<AuctionOpened, BidTaken, BidRefused, BidScored>(
        *event.record, Overload{
                           [&](const AuctionOpened& opened) {
                             deadlines_[{event.agent, opened.auction}] = opened.deadline;
                           },
                           [&](const BidTaken& taken) { on_taken(event, taken); },
                           [&](const BidRefused& refused) {
                             if (refused.reason == "withdrawn")
                               taken_.erase({event.agent, refused.auction, refused.bidder});
                           },
                           [&](const BidScored& scored) { on_scored(event, scored); },
                       });
  }

  Verdict conclude(const RunEnd&) override {
    // Judged at the end: without latency a bid can be taken in the instant in which it is placed.
    for (const Scored& each : scored_) judge(each);
    if (!violation_.empty()) return {false, violation_};
    if (scored_.empty()) return {false, "no bid has been taken"};
    return {true, fmt::format("{} bids, all in time, each bidder's own", scored_.size())};
  }

 private:
  using BidName = std::tuple<AgentId, std::uint64_t, std::uint64_t, AgentId>;
  struct Scored {
    BidName name;
    Millionths price;
    Time at;
  };

  void on_taken(const Event& event, const BidTaken& taken) {
    const auto deadline = deadlines_.find({event.agent, taken.auction});
    if (deadline == deadlines_.end() || event.time > deadline->second)
      fail(fmt::format("at {:.6f} s {} took a bid of {} in auction {}, after its deadline", seconds(event.time),
                       roster_.name(event.agent), name_of(taken.bidder), taken.auction));
    if (!taken_.insert({event.agent, taken.auction, taken.bidder}).second)
      fail(fmt::format("at {:.6f} s {} took a second bid of {} in auction {}", seconds(event.time),
                       roster_.name(event.agent), name_of(taken.bidder), taken.auction));
  }

  void on_scored(const Event& event, const BidScored& scored) {
    if (!taken_.contains({event.agent, scored.auction, scored.bidder}))
      fail(fmt::format("at {:.6f} s {} scored a bid of {} in auction {} that it has not taken", seconds(event.time),
                       roster_.name(event.agent), name_of(scored.bidder), scored.auction));
    scored_.push_back({{event.agent, scored.auction, scored.task, scored.bidder}, scored.price, event.time});
  }

  void judge(const Scored& each) {
    const auto& [auctioneer, auction, task, bidder] = each.name;
    if (!roster_.honest(bidder)) return;
    const auto placed = placed_.find(each.name);
    if (placed == placed_.end() || placed->second != each.price)
      fail(fmt::format("at {:.6f} s {} scored a bid of {} for task {} at {}, which it has {}", seconds(each.at),
                       roster_.name(auctioneer), name_of(bidder), task, each.price,
                       placed == placed_.end() ? "never placed" : "placed at another price"));
  }

  std::string name_of(AgentId id) const { return index(id) < roster_.size() ? roster_.name(id) : "nobody"; }
  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  std::map<AuctionName, Time> deadlines_;
  std::map<BidName, Millionths> placed_;
  std::set<std::tuple<AgentId, std::uint64_t, AgentId>> taken_;
  std::vector<Scored> scored_;
  std::string violation_;
};

const bool registered =
    CheckerCatalog::add<AuctionBids>({.name = "auction_bids",
                                      .family = "auction",
                                      .summary = "bids that count were in time, one of each bidder, and its own"});

}  // namespace
}  // namespace conclave
