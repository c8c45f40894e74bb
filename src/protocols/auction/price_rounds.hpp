// The auctioneer's side of Bertsekas' auction algorithm ("The Auction Algorithm: A Distributed Relaxation Method for
// the Assignment Problem", Annals of Operations Research 14, 1988), as a purchase: each task has an asking price that
// falls. In every round the bidders who hold nothing undercut the price of the task that is best for them, by what it
// is better than their second best, and by epsilon on top; the lowest of a task's bids takes it from its holder.
//
// A price falls by epsilon at least, so it ends. Then every bidder holds what is within epsilon of its best at these
// prices (epsilon-complementary slackness), which makes the assignment within n epsilon of the optimum, and the optimum
// itself when costs are whole numbers and epsilon < 1 / n.
#pragma once

#include <map>
#include <vector>

#include "core/auction_messages.hpp"
#include "core/random.hpp"

namespace conclave {

class PriceRounds {
 public:
  /// Rounds without a bid after which bidding is over: more than one, since messages get lost.
  static constexpr std::uint32_t kQuietRounds = 3;

  PriceRounds() = default;
  PriceRounds(const std::vector<AuctionTask>& tasks, Millionths epsilon, Stream lots);

  /// A bid in this round for the task at that position. False when it does not undercut the price by epsilon.
  bool bid(AgentId bidder, std::size_t at, const TaskOffer& offer);
  /// The end of a round: the best bids take their tasks. True when bidding is over.
  bool close_round();

  std::uint64_t round() const { return round_; }
  const std::vector<Millionths>& prices() const { return prices_; }
  /// kNobody where nobody holds a task.
  const std::vector<AgentId>& holders() const { return holders_; }
  /// What each holder has offered, ascending by bidder.
  std::vector<std::pair<AgentId, TaskOffer>> held(std::uint64_t task) const;

 private:
  bool holds_other(AgentId bidder, std::size_t at) const;

  std::vector<Millionths> prices_;
  std::vector<AgentId> holders_;
  std::vector<TaskOffer> offers_;                             ///< of the holders
  std::map<std::size_t, std::map<AgentId, TaskOffer>> bids_;  ///< of this round, by position
  Millionths epsilon_ = 0;
  Stream lots_;
  std::uint64_t round_ = 1;
  std::uint32_t quiet_ = 0;
};

}  // namespace conclave
