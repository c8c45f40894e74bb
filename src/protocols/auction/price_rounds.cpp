#include "protocols/auction/price_rounds.hpp"

#include <tuple>

namespace conclave {

PriceRounds::PriceRounds(const std::vector<AuctionTask>& tasks, Millionths epsilon, Stream lots)
    : holders_(tasks.size(), kNobody), offers_(tasks.size()), epsilon_(epsilon), lots_(lots) {
  for (const AuctionTask& task : tasks) prices_.push_back(task.reserve);
}

bool PriceRounds::bid(AgentId bidder, std::size_t at, const TaskOffer& offer) {
  if (at >= prices_.size() || offer.price < 0 || offer.price > prices_[at] - epsilon_) return false;
  bids_[at].emplace(bidder, offer);
  return true;
}

bool PriceRounds::close_round() {
  bool any = false;
  for (const auto& [at, bids] : bids_) {
    const std::pair<const AgentId, TaskOffer>* best = nullptr;
    const auto rank = [&](const auto& bid) {
      return std::tuple(bid.second.price, lots_.at(index(bid.first)), index(bid.first));
    };
    for (const auto& each : bids) {
      if (holds_other(each.first, at)) continue;  // two bids of one bidder: it has the first of them
      if (!best || rank(each) < rank(*best)) best = &each;
    }
    if (!best || best->second.price > prices_[at] - epsilon_) continue;
    prices_[at] = best->second.price;
    holders_[at] = best->first;
    offers_[at] = best->second;
    any = true;
  }
  bids_.clear();
  round_++;
  quiet_ = any ? 0 : quiet_ + 1;
  return quiet_ >= kQuietRounds;
}

bool PriceRounds::holds_other(AgentId bidder, std::size_t at) const {
  for (std::size_t other = 0; other < holders_.size(); other++)
    if (other != at && holders_[other] == bidder) return true;
  return false;
}

std::vector<std::pair<AgentId, TaskOffer>> PriceRounds::held(std::uint64_t task) const {
  std::vector<std::pair<AgentId, TaskOffer>> all;
  for (std::size_t at = 0; at < holders_.size(); at++)
    if (holders_[at] != kNobody && offers_[at].task == task) all.emplace_back(holders_[at], offers_[at]);
  return all;
}

}  // namespace conclave
