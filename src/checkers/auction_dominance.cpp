// Honesty is the best policy, where the mechanism claims it: given all other bids, a bidder that asks for its true cost
// earns no less than with any other price. A utility only changes where a price crosses something: another bid, the
// reserve, the price at which its score meets another's, its own payment. So prices just below, at and just above each
// of these are probed and nothing between; a coarse grid would walk past the one that pays. For mechanisms that do not
// claim it, `all` shows the lie that pays.

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "checkers/auction_replay.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

/// Bids that are probed in one auction, evenly chosen, and rivals of each that make its breakpoints, the best first.
constexpr std::size_t kProbedMax = 32;
constexpr std::size_t kRivalsMax = 16;

class AuctionDominance final : public Checker {
 public:
  struct Options {
    bool all = false;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().add("all", &Options::all, "judge mechanisms that do not claim it as well");
      return table;
    }
  };
  AuctionDominance(const Options& options, const RunFacts& facts) : roster_(facts.roster), all_(options.all) {}

  void observe(const Event& event) override {
    if (const auto* placed = event.record->as<BidPlaced>())
      costs_[{placed->auctioneer, placed->auction, placed->task, event.agent}] = placed->cost;
    if (roster_.honest(event.agent)) book_.observe(event);
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [name, auction] : book_.auctions) judge(name, auction);
    if (!violation_.empty()) return {false, violation_};
    if (probes_ == 0) return {false, "no bid to probe under a mechanism that claims that honesty is best"};
    return {true, fmt::format("{} other prices for {} bids, none earns more than the true cost", probes_, probed_)};
  }

 private:
  void judge(const AuctionName& name, const AuctionBook::Auction& auction) {
    const AuctionReplay replay(auction);
    const std::vector<ConsideredBid>& bids = replay.considered();
    if (!replay.mechanism().truthful() && !all_) return;
    const std::size_t every = bids.size() / kProbedMax + 1;
    for (std::size_t i = 0; i < bids.size(); i += every) {
      const auto cost = costs_.find({name.first, name.second, bids[i]->task, bids[i]->bidder});
      if (cost == costs_.end()) continue;
      probed_++;
      probe(name, replay, *bids[i], cost->second);
    }
  }

  /// What the bidder earns when it asks for `price` for this task, all else as it was.
  Millionths utility(const AuctionName& name, const AuctionReplay& replay, const BidScored& probed,
                     Millionths price) const {
    const auto result = replay.settle(
        replay.score(replay.considered(), [&](const BidScored& bid) { return &bid == &probed ? price : bid.price; }));
    for (const auto& [task, won] : result) {
      if (won.first != probed.bidder) continue;
      const auto cost = costs_.find({name.first, name.second, replay.tasks()[task].number, probed.bidder});
      return won.second - (cost == costs_.end() ? 0 : cost->second);
    }
    return 0;
  }

  std::set<Millionths> breakpoints(const AuctionReplay& replay, const BidScored& probed, Millionths cost) const {
    std::vector<ScoredBid> scored = replay.score(replay.considered());
    std::erase_if(scored, [&](const ScoredBid& bid) { return bid.task != replay.position(probed); });
    std::sort(scored.begin(), scored.end(), replay.mechanism().by_score() ? better_score : better_price);
    std::set<Millionths> points{cost, replay.tasks()[replay.position(probed)].reserve};
    std::size_t rivals = 0;
    for (const ScoredBid& rival : scored) {
      if (rival.bidder == probed.bidder) continue;
      points.insert(rival.price);
      points.insert(probed.price + probed.score - rival.score);  // there the scores meet, if they are in money
      if (++rivals == kRivalsMax) break;
    }
    for (const auto& [task, won] : replay.settle(scored_all(replay)))
      if (won.first == probed.bidder) points.insert(won.second);
    std::set<Millionths> around;
    for (const Millionths point : points)
      for (const Millionths step : {-1, 0, 1}) around.insert(point + step);
    return around;
  }
  static std::vector<ScoredBid> scored_all(const AuctionReplay& replay) { return replay.score(replay.considered()); }

  void probe(const AuctionName& name, const AuctionReplay& replay, const BidScored& probed, Millionths cost) {
    const Millionths honest = utility(name, replay, probed, cost);
    const Millionths reserve = replay.tasks()[replay.position(probed)].reserve;
    for (const Millionths price : breakpoints(replay, probed, cost)) {
      if (price < 0 || price > reserve) continue;
      probes_++;
      const Millionths earned = utility(name, replay, probed, price);
      if (earned <= honest || !violation_.empty()) continue;
      violation_ = fmt::format(
          "auction {} of {}: {}, whose cost for task {} is {}, earns {} by asking for that and {} by "
          "asking for {}",
          name.second, roster_.name(name.first), roster_.name(probed.bidder), probed.task, cost, honest, earned, price);
    }
  }

  const Roster& roster_;
  const bool all_;
  AuctionBook book_;
  std::map<std::tuple<AgentId, std::uint64_t, std::uint64_t, AgentId>, Millionths> costs_;
  std::uint64_t probed_ = 0;
  std::uint64_t probes_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AuctionDominance>(
    {.name = "auction_dominance",
     .family = "auction",
     .summary = "no other price earns a bidder more than its true cost, probed where it could"});

}  // namespace
}  // namespace conclave
