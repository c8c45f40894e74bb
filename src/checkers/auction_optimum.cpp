// Several tasks at once: how good the assignment is that was made, against the best there is. That is found here
// without the library that the mechanism uses, by going through all sets of tasks (dynamic programming), so only
// auctions of up to kTasksMax tasks are judged.
//
//   vcg         the bids' prices: exactly the best; payments are price + W(N) - W(N without i)
//   bertsekas   true costs of honest bidders: within n epsilon of the best, n tasks
//
// The value of an assignment is the sum of what it saves against the reserves.

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "checkers/auction_book.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

constexpr std::size_t kTasksMax = 12;

class AuctionOptimum final : public Checker {
 public:
  AuctionOptimum(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (event.record->as<BidPlaced>()) {
      const auto placed = std::static_pointer_cast<const BidPlaced>(event.record);
      placed_[{placed->auctioneer, placed->auction}].emplace_back(event.agent, placed);
    } else if (roster_.honest(event.agent)) {
      book_.observe(event);
    }
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [name, auction] : book_.auctions) {
      if (auction.opened->tasks.size() > kTasksMax || auction.awarded.empty()) continue;
      if (auction.opened->terms.mechanism == "vcg") judge_exact(name, auction);
      if (auction.opened->terms.mechanism == "bertsekas") judge_within(name, auction);
    }
    if (!violation_.empty()) return {false, violation_};
    if (judged_ == 0) return {false, "no auction of several tasks to judge"};
    return {true, fmt::format("{} assignments, the worst {} below the optimum", judged_, worst_)};
  }

 private:
  /// By bidder, what each of the tasks saves; 0 where it makes no offer.
  using Savings = std::map<AgentId, std::vector<Millionths>>;

  /// Most that can be saved with at most one task for each bidder, without `absent`.
  static Millionths best(const Savings& savings, std::size_t tasks, AgentId absent = kNobody) {
    std::vector<Millionths> by_set(std::size_t{1} << tasks, 0);  // most that the bidders so far save with these tasks
    for (const auto& [bidder, row] : savings) {
      if (bidder == absent) continue;
      for (std::size_t set = by_set.size(); set-- > 0;)
        for (std::size_t task = 0; task < tasks; task++)
          if (set >> task & 1) by_set[set] = std::max(by_set[set], by_set[set ^ (std::size_t{1} << task)] + row[task]);
    }
    return by_set.back();
  }

  static Millionths& at(Savings& savings, AgentId bidder, const AuctionBook::Auction& auction, std::uint64_t task) {
    std::vector<Millionths>& row = savings[bidder];
    row.resize(auction.opened->tasks.size());
    return row[task - auction.opened->tasks.front().number];
  }

  /// The first award of each task: what came of the mechanism before anybody failed.
  template <class Visit>
  static void first_awards(const AuctionBook::Auction& auction, Visit&& visit) {
    for (const auto& [task, awards] : auction.awarded)
      if (awards.front().second->attempt == 1) visit(*awards.front().second);
  }

  void judge_exact(const AuctionName& name, const AuctionBook::Auction& auction) {
    Savings savings;
    for (const auto& [task, bids] : auction.scored)
      for (const auto& bid : bids)
        if (bid->infeasible.empty()) at(savings, bid->bidder, auction, task) = auction.task(task)->reserve - bid->price;
    const std::size_t tasks = auction.opened->tasks.size();
    const Millionths most = best(savings, tasks);
    Millionths saved = 0;
    first_awards(auction, [&](const TaskAwarded& award) {
      const Millionths own = at(savings, award.bidder, auction, award.task);
      saved += own;
      const Millionths price = auction.task(award.task)->reserve - own;
      const Millionths due = price + most - best(savings, tasks, award.bidder);
      if (award.payment != due)
        fail(fmt::format("auction {} of {} pays {} to {} for task {}; its presence is worth {}", name.second,
                         roster_.name(name.first), award.payment, roster_.name(award.bidder), award.task, due));
    });
    note(name, saved, most, 0);
  }

  void judge_within(const AuctionName& name, const AuctionBook::Auction& auction) {
    const auto placed = placed_.find(name);
    if (placed == placed_.end()) return;
    Savings savings;
    for (const auto& [bidder, bid] : placed->second) {
      if (!roster_.honest(bidder)) return;
      if (const AuctionTask* task = auction.task(bid->task))
        at(savings, bidder, auction, bid->task) = task->reserve - bid->cost;
    }
    Millionths saved = 0;
    first_awards(auction, [&](const TaskAwarded& award) { saved += at(savings, award.bidder, auction, award.task); });
    const std::size_t tasks = auction.opened->tasks.size();
    note(name, saved, best(savings, tasks), static_cast<Millionths>(tasks) * auction.opened->terms.epsilon);
  }

  void note(const AuctionName& name, Millionths saved, Millionths most, Millionths allowed) {
    judged_++;
    worst_ = std::max(worst_, most - saved);
    if (most - saved > allowed)
      fail(fmt::format("auction {} of {} saves {} where {} can be saved; {} less is allowed", name.second,
                       roster_.name(name.first), saved, most, allowed));
  }
  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  AuctionBook book_;
  std::map<AuctionName, std::vector<std::pair<AgentId, std::shared_ptr<const BidPlaced>>>> placed_;
  std::uint64_t judged_ = 0;
  Millionths worst_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AuctionOptimum>(
    {.name = "auction_optimum",
     .family = "auction",
     .summary = "assignments of several tasks are as near to the best as their mechanism claims; VCG payments"});

}  // namespace
}  // namespace conclave
