// What a run reports of its auctions: task, requirements, weights, bids with their scores by criterion, the winner and
// why, payment, risk, what became of the task; and for the whole run welfare, the gap to the optimum, payments, time to
// allocation, and contracts that were executed but believed failed.
//
// Definitions. The surplus of a bid is what the task done by this bidder is worth less what it truly costs it; worth is
// that of the scoring rule where that is quasi-linear, else the reserve. The welfare of an auction is the surplus of
// who did its tasks. The optimum is the most that one task each for the bidders who placed a bid could have brought,
// bids that were lost on the way included: exact, by a minimum-cost flow (core/best_assignment.hpp), for auctions of up
// to kOptimumTasks tasks and kOptimumBids bids; beyond that it is not given. The gap is their difference over the
// optimum. A phantom is a task that a bidder has executed and the auctioneer reports failed, or done by another.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/auction_events.hpp"
#include "core/auction_rules.hpp"
#include "core/best_assignment.hpp"
#include "core/catalog.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

/// Auctions, and bids of one, that are written out at most; the totals cover all.
constexpr std::size_t kAuctionsListed = 1000;
constexpr std::size_t kBidsListed = 50;
constexpr std::size_t kOptimumTasks = 64;
constexpr std::size_t kOptimumBids = 20'000;

using Name = std::pair<AgentId, std::uint64_t>;

std::string money(Millionths amount) {
  return fmt::format("{:.6f}", static_cast<double>(amount) / 1e6);
}

std::string quoted(std::string_view text) {
  std::string out;
  codec::append_json_string(out, text);
  return out;
}

class AuctionOutcome final : public Outcome {
 public:
  AuctionOutcome(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    const auto record = [&]<class Kind>(const Kind&) { return std::static_pointer_cast<const Kind>(event.record); };
    dispatch<AuctionOpened, BidPlaced, BidTaken, CapabilityAssessed, BidScored, TaskAwarded>(
        *event.record, Overload{
                           [&](const AuctionOpened&) { on_opened(event); },
                           [&](const BidPlaced& bid) {
                             placed_[{bid.auctioneer, bid.auction}][{bid.task, event.agent}] = record(bid);
                           },
                           [&](const BidTaken& taken) {
                             if (Auction* auction = find(event, taken.auction)) auction->bids++;
                           },
                           [&](const CapabilityAssessed& assessed) {
                             if (Auction* auction = find(event, assessed.auction))
                               auction->assessed.emplace(assessed.bidder, record(assessed));
                           },
                           [&](const BidScored& scored) {
                             if (Auction* auction = find(event, scored.auction))
                               auction->scored.push_back(record(scored));
                           },
                           [&](const TaskAwarded& awarded) { on_awarded(event, awarded); },
                       });
    dispatch<TaskLeft, ContractEnded, BidderPaid, TaskClosed>(
        *event.record, Overload{
                           [&](const TaskLeft& left) {
                             if (left.executed) executed_[{left.auctioneer, left.task}].insert(event.agent);
                           },
                           [&](const ContractEnded& ended) { ends_[ended.end]++; },
                           [&](const BidderPaid& paid) {
                             paid_ += paid.amount;
                             if (End* end = find_task(event, paid.auction, paid.task)) end->paid = paid.amount;
                           },
                           [&](const TaskClosed& closed) { on_closed(event, closed); },
                       });
  }

  std::string json(const RunEnd&) const override {
    if (auctions_.empty()) return {};
    const Totals totals = count();
    std::string list;
    std::size_t listed = 0;
    for (const auto& [name, auction] : auctions_) {
      if (listed++ == kAuctionsListed) break;
      list += (list.empty() ? "" : ",") + auction_json(name, auction);
    }
    std::string out = fmt::format(
        R"({{"auctions_total":{},"tasks":{},"done":{},"failed":{},"open":{},"awards":{},"phantoms":{},)"
        R"("executed_twice":{},"paid":{},"welfare":{})",
        auctions_.size(), totals.tasks, totals.done, totals.failed, totals.tasks - totals.done - totals.failed,
        totals.awards, totals.phantoms, totals.twice, money(paid_), money(totals.welfare));
    if (totals.optimum_known)
      out += fmt::format(R"(,"optimum":{},"gap":{:.6f})", money(totals.optimum), gap(totals.welfare, totals.optimum));
    out += fmt::format(R"(,"contract_ends":{{{}}},"time_to_award_median_ns":{},"auctions":[{}]}})", ends_json(),
                       totals.time_to_award.count(), list);
    return out;
  }

  std::string summary(const RunEnd&) const override {
    if (auctions_.empty()) return {};
    const Totals totals = count();
    std::string text = fmt::format("{} of {} tasks done, {} failed in {} auctions, {} awards", totals.done,
                                   totals.tasks, totals.failed, auctions_.size(), totals.awards);
    text += fmt::format(" · paid {:.6g}, welfare {:.6g}", static_cast<double>(paid_) / 1e6,
                        static_cast<double>(totals.welfare) / 1e6);
    if (totals.optimum_known)
      text += fmt::format(", {:.2f} % below the optimum", 100 * gap(totals.welfare, totals.optimum));
    if (totals.awards > 0) text += fmt::format(" · awarded after {} median", rounded(totals.time_to_award));
    if (totals.phantoms > 0) text += fmt::format(" · {} executed but believed failed", totals.phantoms);
    return text;
  }

 private:
  struct End {
    std::vector<std::shared_ptr<const TaskAwarded>> awards;
    Time first_award;
    Millionths paid = 0;
    std::shared_ptr<const TaskClosed> closed;
    Time closed_at;
  };
  struct Auction {
    Time opened_at;
    std::shared_ptr<const AuctionOpened> opened;
    std::uint64_t bids = 0;
    std::vector<std::shared_ptr<const BidScored>>
        scored;  ///< once it is over, the first kBidsListed and those that won
    std::map<AgentId, std::shared_ptr<const CapabilityAssessed>> assessed;  ///< likewise
    std::map<std::uint64_t, End> tasks;
  };
  struct Totals {
    std::uint64_t tasks = 0, done = 0, failed = 0, awards = 0, phantoms = 0, twice = 0;
    Millionths welfare = 0, optimum = 0;
    bool optimum_known = true;
    Duration time_to_award{};
  };

  void on_opened(const Event& event) {
    const auto opened = std::static_pointer_cast<const AuctionOpened>(event.record);
    Auction& auction = auctions_[{event.agent, opened->auction}];
    auction.opened_at = event.time;
    auction.opened = opened;
    for (const AuctionTask& task : opened->tasks) auction.tasks[task.number];
  }

  void on_awarded(const Event& event, const TaskAwarded& awarded) {
    End* end = find_task(event, awarded.auction, awarded.task);
    if (!end) return;
    if (end->awards.empty()) end->first_award = event.time;
    end->awards.push_back(std::static_pointer_cast<const TaskAwarded>(event.record));
  }

  void on_closed(const Event& event, const TaskClosed& closed) {
    End* end = find_task(event, closed.auction, closed.task);
    if (!end) return;
    end->closed = std::static_pointer_cast<const TaskClosed>(event.record);
    end->closed_at = event.time;
    Auction& auction = *find(event, closed.auction);
    if (std::all_of(auction.tasks.begin(), auction.tasks.end(), [](const auto& task) { return task.second.closed; }))
      forget_unlisted(auction);
  }

  /// Keeps the bids that will be written out: the first kBidsListed and those that won.
  static void forget_unlisted(Auction& auction) {
    std::vector<std::shared_ptr<const BidScored>> kept;
    std::map<AgentId, std::shared_ptr<const CapabilityAssessed>> assessed;
    for (const auto& bid : auction.scored) {
      const auto& awards = auction.tasks.at(bid->task).awards;
      const bool won =
          std::any_of(awards.begin(), awards.end(), [&](const auto& award) { return award->bidder == bid->bidder; });
      if (!won && kept.size() >= kBidsListed) continue;
      kept.push_back(bid);
      if (const auto known = auction.assessed.find(bid->bidder); known != auction.assessed.end())
        assessed.insert(*known);
    }
    auction.scored = std::move(kept);
    auction.assessed = std::move(assessed);
  }

  Auction* find(const Event& event, std::uint64_t auction) {
    const auto found = auctions_.find({event.agent, auction});
    return found == auctions_.end() ? nullptr : &found->second;
  }
  End* find_task(const Event& event, std::uint64_t auction, std::uint64_t task) {
    Auction* found = find(event, auction);
    if (!found) return nullptr;
    const auto end = found->tasks.find(task);
    return end == found->tasks.end() ? nullptr : &end->second;
  }

  // Welfare and optimum.

  /// What the task is worth when it is done so, less what it costs.
  static Millionths surplus(const AuctionTerms& terms, const ScoringRule& rule, const AuctionTask& task,
                            const BidPlaced& bid) {
    if (!rule.quasi_linear()) return task.reserve - bid.cost;
    CriteriaMatrix measured(1, static_cast<Eigen::Index>(terms.criteria.size()));
    for (std::size_t i = 0; i < terms.criteria.size(); i++) {
      const Criterion& criterion = terms.criteria[i];
      const auto column = static_cast<Eigen::Index>(i);
      measured(0, column) = criterion.least;
      if (criterion.of == Measure::cost) measured(0, column) = bid.cost;
      if (criterion.of == Measure::quality) measured(0, column) = bid.quality;
      if (criterion.of == Measure::performance) measured(0, column) = bid.performance;
    }
    return rule.score(terms.criteria, measured).total(0);
  }

  Millionths welfare(const Name& name, const Auction& auction) const {
    const auto placed = placed_.find(name);
    const auto rule = make_by_name<ScoringCatalog>(auction.opened->terms.scoring);
    Millionths sum = 0;
    for (const AuctionTask& task : auction.opened->tasks) {
      const End& end = auction.tasks.at(task.number);
      if (!end.closed || !end.closed->done || placed == placed_.end()) continue;
      const auto bid = placed->second.find({task.number, end.closed->bidder});
      if (bid != placed->second.end()) sum += surplus(auction.opened->terms, *rule, task, *bid->second);
    }
    return sum;
  }

  /// Nothing when the auction is too large to say.
  std::optional<Millionths> optimum(const Name& name, const Auction& auction) const {
    const auto placed = placed_.find(name);
    if (placed == placed_.end()) return 0;
    const std::vector<AuctionTask>& tasks = auction.opened->tasks;
    if (tasks.size() > kOptimumTasks || placed->second.size() > kOptimumBids) return std::nullopt;
    const auto rule = make_by_name<ScoringCatalog>(auction.opened->terms.scoring);
    std::vector<Pairing> pairings;
    for (const auto& [which, bid] : placed->second) {
      if (which.first < tasks.front().number || which.first > tasks.back().number) continue;
      const std::size_t at = which.first - tasks.front().number;
      pairings.push_back({.left = index(which.second),
                          .right = static_cast<std::uint32_t>(at),
                          .gain = surplus(auction.opened->terms, *rule, tasks[at], *bid)});
    }
    return best_assignment(pairings).gain;
  }

  static double gap(Millionths welfare, Millionths optimum) {
    return optimum == 0 ? 0 : static_cast<double>(optimum - welfare) / static_cast<double>(optimum);
  }

  Totals count() const {
    Totals totals;
    std::vector<Duration> times;
    for (const auto& [name, auction] : auctions_) {
      totals.welfare += welfare(name, auction);
      const std::optional<Millionths> best = optimum(name, auction);
      totals.optimum += best.value_or(0);
      totals.optimum_known = totals.optimum_known && best;
      for (const auto& [number, end] : auction.tasks) {
        totals.tasks++;
        totals.awards += end.awards.size();
        if (!end.awards.empty()) times.push_back(end.first_award - auction.opened_at);
        if (end.closed) (end.closed->done ? totals.done : totals.failed)++;
        count_executions({name.first, number}, end, totals);
      }
    }
    if (!times.empty()) {
      const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
      std::nth_element(times.begin(), middle, times.end());
      totals.time_to_award = *middle;
    }
    return totals;
  }

  void count_executions(const Name& task, const End& end, Totals& totals) const {
    const auto executed = executed_.find(task);
    if (executed == executed_.end()) return;
    totals.twice += executed->second.size() > 1;
    if (end.closed)
      for (const AgentId bidder : executed->second)
        totals.phantoms += !end.closed->done || end.closed->bidder != bidder;
  }

  // Writing.

  std::string ends_json() const {
    std::string out;
    for (const auto& [end, count] : ends_) out += fmt::format(R"({}"{}":{})", out.empty() ? "" : ",", name(end), count);
    return out;
  }

  std::string auction_json(const Name& name, const Auction& auction) const {
    const AuctionTerms& terms = auction.opened->terms;
    std::string weights, tasks, bids;
    for (const Criterion& criterion : terms.criteria)
      weights += fmt::format(R"({}"{}":{})", weights.empty() ? "" : ",", conclave::name(criterion.of),
                             money(criterion.weight));
    for (const AuctionTask& task : auction.opened->tasks)
      tasks += (tasks.empty() ? "" : ",") + task_json(auction, task);
    for (const auto& bid : auction.scored) bids += (bids.empty() ? "" : ",") + bid_json(auction, *bid);
    std::string out = fmt::format(
        R"({{"auction_id":{},"auctioneer":"{}","mechanism":"{}","scoring":"{}","opened_at_ns":{},"deadline_ns":{},)"
        R"("asked":{},"weights":{{{}}},"bids_taken":{},"welfare":{})",
        name.second, roster_.name(name.first), terms.mechanism, terms.scoring, nanoseconds(auction.opened_at),
        nanoseconds(auction.opened->deadline), auction.opened->asked, weights, auction.bids,
        money(welfare(name, auction)));
    if (const std::optional<Millionths> best = optimum(name, auction))
      out += fmt::format(R"(,"optimum":{},"gap":{:.6f})", money(*best), gap(welfare(name, auction), *best));
    return out + fmt::format(R"(,"tasks":[{}],"bids":[{}]}})", tasks, bids);
  }

  std::string task_json(const Auction& auction, const AuctionTask& task) const {
    const End& end = auction.tasks.at(task.number);
    std::string out = fmt::format(
        R"({{"task":{},"name":{},"requirements":{{"operations":{},"input_bytes":{},"result_bytes":{},"reserve":{},)"
        R"("quality_least":{},"within_ns":{}}},"awards":{})",
        task.number, quoted(task.name), task.operations, task.input_bytes, task.result_bytes, money(task.reserve),
        money(task.quality_least), task.within.count(), end.awards.size());
    if (!end.awards.empty()) {
      const TaskAwarded& last = *end.awards.back();
      out += fmt::format(R"(,"winner":"{}","score":{},"payment":{},"reason":{})", roster_.name(last.bidder),
                         money(last.score), money(last.payment), quoted(last.reason));
      for (const auto& bid : auction.scored)
        if (bid->task == task.number && bid->bidder == last.bidder)
          out += fmt::format(R"(,"risk":{})", money(bid->risk));
    }
    if (!end.closed) return out + R"(,"status":"open"})";
    out += fmt::format(R"(,"status":"{}","paid":{},"closed_at_ns":{})", end.closed->done ? "done" : "failed",
                       money(end.paid), nanoseconds(end.closed_at));
    if (!end.closed->reason.empty()) out += fmt::format(R"(,"why":{})", quoted(end.closed->reason));
    return out + "}";
  }

  std::string bid_json(const Auction& auction, const BidScored& bid) const {
    const AuctionTerms& terms = auction.opened->terms;
    std::string out =
        fmt::format(R"({{"task":{},"bidder":"{}","price":{})", bid.task, roster_.name(bid.bidder), money(bid.price));
    if (const auto known = auction.assessed.find(bid.bidder); known != auction.assessed.end()) {
      const CapabilityAssessed& assessment = *known->second;
      out += fmt::format(
          R"(,"assessment":{{"contracts":{},"quality_calibration":{},"performance_calibration":{},"reliability":{},)"
          R"("failure":{},"risk":{}}})",
          assessment.contracts, money(assessment.quality_calibration), money(assessment.performance_calibration),
          money(assessment.reliability), money(assessment.failure), money(assessment.risk));
    }
    if (!bid.infeasible.empty()) return out + fmt::format(R"(,"infeasible":{}}})", quoted(bid.infeasible));
    std::string measured, parts;
    for (std::size_t i = 0; i < terms.criteria.size() && i < bid.parts.size(); i++) {
      const std::string_view criterion = conclave::name(terms.criteria[i].of);
      measured += fmt::format(R"({}"{}":{})", i == 0 ? "" : ",", criterion, money(bid.measured[i]));
      parts += fmt::format(R"({}"{}":{})", i == 0 ? "" : ",", criterion, money(bid.parts[i]));
    }
    return out + fmt::format(R"(,"measured":{{{}}},"scores":{{{}}},"risk":{},"score":{}}})", measured, parts,
                             money(bid.risk), money(bid.score));
  }

  const Roster& roster_;
  std::map<Name, Auction> auctions_;
  std::map<Name, std::map<std::pair<std::uint64_t, AgentId>, std::shared_ptr<const BidPlaced>>> placed_;
  std::map<Name, std::set<AgentId>> executed_;
  std::map<ContractEnd, std::uint64_t> ends_;
  Millionths paid_ = 0;
};

const bool registered = OutcomeCatalog::add<AuctionOutcome>(
    {.name = "auction",
     .family = "auction",
     .summary = "bids, scores, winners and why, payments, welfare and its optimum"});

}  // namespace
}  // namespace conclave
