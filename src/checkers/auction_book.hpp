// What the events tell of each auction: shared by the checkers of the family.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/auction_events.hpp"
#include "core/event.hpp"

namespace conclave {

/// An auction: who holds it, and that agent's number for it.
using AuctionName = std::pair<AgentId, std::uint64_t>;
/// A task likewise.
using TaskName = std::pair<AgentId, std::uint64_t>;

struct AuctionBook {
  template <class Kind>
  using Said = std::pair<Time, std::shared_ptr<const Kind>>;

  struct Auction {
    Time opened_at;
    std::shared_ptr<const AuctionOpened> opened;
    std::map<std::uint64_t, std::vector<std::shared_ptr<const BidScored>>> scored;  ///< by task
    std::map<std::uint64_t, std::vector<Said<TaskAwarded>>> awarded;                ///< by task, in order

    const AuctionTask* task(std::uint64_t number) const {
      for (const AuctionTask& each : opened->tasks)
        if (each.number == number) return &each;
      return nullptr;
    }
  };

  /// By name. Auctions that were never opened are not in it.
  std::map<AuctionName, Auction> auctions;

  Auction* find(AgentId auctioneer, std::uint64_t auction) {
    const auto found = auctions.find({auctioneer, auction});
    return found == auctions.end() ? nullptr : &found->second;
  }

  void observe(const Event& event) {
    if (event.record->as<AuctionOpened>()) {
      const auto opened = std::static_pointer_cast<const AuctionOpened>(event.record);
      auctions.try_emplace({event.agent, opened->auction}, Auction{event.time, opened, {}, {}});
    } else if (event.record->as<BidScored>()) {
      const auto scored = std::static_pointer_cast<const BidScored>(event.record);
      if (Auction* auction = find(event.agent, scored->auction)) auction->scored[scored->task].push_back(scored);
    } else if (event.record->as<TaskAwarded>()) {
      const auto awarded = std::static_pointer_cast<const TaskAwarded>(event.record);
      if (Auction* auction = find(event.agent, awarded->auction))
        auction->awarded[awarded->task].emplace_back(event.time, awarded);
    }
  }
};

}  // namespace conclave
