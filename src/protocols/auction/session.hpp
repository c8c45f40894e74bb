// One auction as its auctioneer keeps it: the bids, what they were judged to be, and the contract that each task is
// under.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "protocols/auction/evaluation.hpp"
#include "protocols/auction/price_rounds.hpp"

namespace conclave {

/// What has been agreed with a bidder about a task.
struct AuctionContract {
  AgentId bidder{};
  TaskOffer offer;
  Millionths payment = 0;
  Time answer_by;
  Time begun;  ///< when the bidder was told to start
  Time until;
  bool started = false;
};

/// A task of an auction: offered to one bidder after the other until one has fulfilled it.
struct TaskState {
  std::uint32_t attempts = 0;
  std::set<AgentId> tried;  ///< bidders who have had their chance
  std::optional<AuctionContract> contract;
  bool closed = false;
};

struct Session {
  std::uint64_t number = 0;
  std::vector<AuctionTask> tasks;
  std::vector<TaskState> states;  ///< as tasks
  Time deadline;
  std::map<AgentId, BidPtr> bids;
  PriceRounds rounds;                ///< where bidding goes on in rounds
  std::set<AgentId> in_rounds;       ///< who has bid there
  std::vector<Evaluated> evaluated;  ///< when bidding is over; those that are considered
  std::string infeasible;            ///< why the first that is not is not
  std::set<AgentId> waiting;         ///< bidders who have not been told that they have lost
  bool settled = false;

  std::size_t position(std::uint64_t task) const { return task - tasks.front().number; }
  bool over() const;
  bool holds_contract(AgentId bidder) const;
  /// Whether every task is under way or over: then the losers need wait no longer.
  bool nothing_to_award() const;
  /// Settles the tasks at these positions among the bidders that can still have them.
  std::vector<std::pair<std::size_t, AuctionContract>> settle(const Mechanism& mechanism,
                                                              const std::vector<std::size_t>& open) const;
  /// Of the bidder's bid for a task. Requires that it is considered.
  const Evaluated& evaluation(AgentId bidder, std::uint64_t task) const;
};

}  // namespace conclave
