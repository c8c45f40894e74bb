// What a bidder asks for. Truthful is its cost. Equilibrium is what a rational bidder asks for when it knows how many
// rivals it has and that their costs are drawn like its own, but not which they are:
//
//   first price, n bidders, costs uniform up to M, reserve r (Vickrey 1961, turned into a purchase)
//       b(c) = c + integral from c to min(r, M) of ((M - x) / (M - c))^(n - 1) dx,  which is c + (M - c) / n for r >= M
//   scores, worth w sqrt(q) of quality q that costs theta q to make (Che, "Design Competition Through Multidimensional
//   Auctions", RAND 24, 1993): the quality q* = (w / 2 theta)^2 is best whatever the others do, so a bid comes down to
//   one number, its pseudotype k = w^2 / 4 theta
//       second score: offer the score k;  first score: the expectation of the best rival's, if it is no better than k
//
// In mechanisms that make honesty best (second price, second score, VCG) both strategies are the same.
#pragma once

#include <cstdint>
#include <optional>

#include "core/auction_rules.hpp"

namespace conclave {

enum class Strategy { truthful, equilibrium };

/// What a bidder knows of itself and expects of the others.
struct BidderType {
  Millionths cost = 0;  ///< of the task; of one unit of quality where worth is a root of quality
  Millionths cost_least = 0;
  Millionths cost_most = 0;
  Millionths quality = 0;
  std::uint32_t rivals = 0;
};

struct Priced {
  Millionths price = 0;
  Millionths cost = 0;
  Millionths quality = 0;
};

/// Nothing when the task is not worth its cost at this reserve.
std::optional<Priced> price(Strategy strategy, const AuctionTerms& terms, const AuctionTask& task,
                            const BidderType& type);

/// The equilibrium bid of a first-price purchase.
Millionths first_price_bid(const BidderType& type, Millionths reserve);
/// The score that a bidder offers in equilibrium of a first-score purchase: E[k of the best rival | it is at most k].
Millionths first_score_bid(const BidderType& type, Millionths worth);

}  // namespace conclave
