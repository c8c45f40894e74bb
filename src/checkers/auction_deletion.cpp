// Independence of irrelevant bids: had any one losing bid not been there, the same bidders would have won. Rules whose
// scores hang on the bids received do not promise that and are not judged, unless `all` says so: then this checker
// shows the losing bid that picks the winner. What winners are paid may change as the mechanism says, and is not judged
// here.

#include <fmt/core.h>

#include <algorithm>

#include "checkers/auction_replay.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

/// Losing bidders that are left out in turn, of one auction, evenly chosen.
constexpr std::size_t kDeletionsMax = 64;

class AuctionDeletion final : public Checker {
 public:
  struct Options {
    bool all = false;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().add("all", &Options::all, "judge rules that do not promise it as well");
      return table;
    }
  };
  AuctionDeletion(const Options& options, const RunFacts& facts) : roster_(facts.roster), all_(options.all) {}

  void observe(const Event& event) override {
    if (roster_.honest(event.agent)) book_.observe(event);
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [name, auction] : book_.auctions) judge(name, auction);
    if (!violation_.empty()) return {false, violation_};
    if (deletions_ == 0) return {false, "no losing bid whose absence could be judged"};
    return {true, fmt::format("{} losing bids left out one by one, the winners stay", deletions_)};
  }

 private:
  using Winners = std::map<std::size_t, AgentId>;

  static Winners winners(const AuctionReplay& replay, const std::vector<ConsideredBid>& bids) {
    Winners all;
    for (const auto& [task, result] : replay.settle(replay.score(bids))) all[task] = result.first;
    return all;
  }

  void judge(const AuctionName& name, const AuctionBook::Auction& auction) {
    const AuctionReplay replay(auction);
    if (replay.considered().empty() || (!all_ && !replay.rule().independent() && replay.mechanism().by_score())) return;
    const Winners before = winners(replay, replay.considered());
    std::vector<AgentId> losers;
    for (const ConsideredBid& bid : replay.considered())
      if (std::none_of(before.begin(), before.end(), [&](const auto& won) { return won.second == bid->bidder; }))
        losers.push_back(bid->bidder);
    std::sort(losers.begin(), losers.end());
    losers.erase(std::unique(losers.begin(), losers.end()), losers.end());
    const std::size_t every = losers.size() / kDeletionsMax + 1;
    for (std::size_t i = 0; i < losers.size(); i += every) {
      std::vector<ConsideredBid> left = replay.considered();
      std::erase_if(left, [&](const ConsideredBid& bid) { return bid->bidder == losers[i]; });
      deletions_++;
      if (winners(replay, left) == before || !violation_.empty()) continue;
      violation_ = fmt::format("auction {} of {}: {} lost, but had it not bid another bidder would have won",
                               name.second, roster_.name(name.first), roster_.name(losers[i]));
    }
  }

  const Roster& roster_;
  const bool all_;
  AuctionBook book_;
  std::uint64_t deletions_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AuctionDeletion>(
    {.name = "auction_deletion", .family = "auction", .summary = "no losing bid decides who wins"});

}  // namespace
}  // namespace conclave
