// What a promise is worth: delivered over promised, learned from outcomes. A prediction is the promise times that
// ratio, so a bidder who promises twice what it delivers is soon believed half. A newcomer's ratio is a prior of the
// auctioneer's, never its own word; the prior fades as outcomes come in.
//
//   calibration = (strength * prior + sum of weighted ratios) / (strength + sum of weights)
//
// Ratios are cut at 1: who delivers more than it promised is not believed to do so again.
#pragma once

#include "core/auction_terms.hpp"

namespace conclave {

struct PredictorPrior {
  Millionths ratio = 900'000;      ///< believed of a newcomer
  Millionths strength = 2 * kOne;  ///< outcomes that the prior counts for
};

class Calibration {
 public:
  /// Nothing is learned from an empty promise.
  void record(Millionths promised, Millionths delivered, Millionths memory);
  Millionths ratio(const PredictorPrior& prior) const;
  Millionths predict(Millionths promised, const PredictorPrior& prior) const {
    return scaled(promised, ratio(prior), kOne);
  }

 private:
  Millionths ratios_ = 0;  ///< sum, old ones faded
  Millionths weights_ = 0;
};

}  // namespace conclave
