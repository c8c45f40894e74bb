// The risk of a contract: the conditional value at risk of its loss (Rockafellar, Uryasev, "Optimization of Conditional
// Value-at-Risk", Journal of Risk 2, 2000), which is the mean of the worst 1 - alpha of cases. A loss of 1 is a
// contract that came to nothing, 0.3 one that delivered 0.3 less than promised. The distribution is the bidder's own
// past losses, older ones faded, with one case each of no loss and of total loss that everybody starts with.
//
// Two bidders of equal mean differ here: one who is always a little late, and one who sometimes fails altogether.
#pragma once

#include <cstddef>
#include <deque>

#include "core/auction_terms.hpp"

namespace conclave {

/// Losses that are remembered of one bidder.
inline constexpr std::size_t kLossesMax = 64;

class LossHistory {
 public:
  /// Requires 0 <= loss <= kOne.
  void record(Millionths loss, Millionths memory);
  /// Mean of the worst kOne - alpha. Requires 0 <= alpha < kOne.
  Millionths conditional_value_at_risk(Millionths alpha) const;

 private:
  struct Case {
    Millionths loss;
    Millionths weight;
  };
  std::deque<Case> cases_;
};

}  // namespace conclave
