#include "protocols/auction/session.hpp"

#include <algorithm>

namespace conclave {

bool Session::over() const {
  return settled && std::all_of(states.begin(), states.end(), [](const TaskState& state) { return state.closed; });
}

bool Session::holds_contract(AgentId bidder) const {
  return std::any_of(states.begin(), states.end(),
                     [&](const TaskState& state) { return state.contract && state.contract->bidder == bidder; });
}

bool Session::nothing_to_award() const {
  return settled && std::all_of(states.begin(), states.end(), [](const TaskState& state) {
           return state.closed || (state.contract && state.contract->started);
         });
}

std::vector<std::pair<std::size_t, AuctionContract>> Session::settle(const Mechanism& mechanism,
                                                                     const std::vector<std::size_t>& open) const {
  std::vector<AuctionTask> wanted;
  for (const std::size_t at : open) wanted.push_back(tasks[at]);
  std::vector<ScoredBid> left;
  std::vector<const Evaluated*> sources;
  for (const Evaluated& each : evaluated) {
    const std::size_t at = position(each.offer.task);
    const auto place = std::find(open.begin(), open.end(), at);
    if (place == open.end() || states[at].tried.contains(each.bidder) || holds_contract(each.bidder)) continue;
    left.push_back({.bidder = each.bidder,
                    .task = static_cast<std::size_t>(place - open.begin()),
                    .price = each.offer.price,
                    .score = each.score,
                    .tie = each.tie});
    sources.push_back(&each);
  }
  std::vector<std::pair<std::size_t, AuctionContract>> contracts;
  for (const Settled& settled_task : mechanism.settle(wanted, left)) {
    AuctionContract contract;
    contract.bidder = sources[settled_task.bid]->bidder;
    contract.offer = sources[settled_task.bid]->offer;
    contract.payment = settled_task.payment;
    contracts.emplace_back(open[settled_task.task], std::move(contract));
  }
  return contracts;
}

const Evaluated& Session::evaluation(AgentId bidder, std::uint64_t task) const {
  return *std::find_if(evaluated.begin(), evaluated.end(),
                       [&](const Evaluated& each) { return each.bidder == bidder && each.offer.task == task; });
}

}  // namespace conclave
