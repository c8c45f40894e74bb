#include "protocols/auction/predictor.hpp"

#include <algorithm>

namespace conclave {

void Calibration::record(Millionths promised, Millionths delivered, Millionths memory) {
  if (promised <= 0) return;
  const Millionths kept = std::clamp<Millionths>(delivered, 0, promised);
  ratios_ = scaled(ratios_, memory, kOne) + scaled(kept, kOne, promised);
  weights_ = scaled(weights_, memory, kOne) + kOne;
}

Millionths Calibration::ratio(const PredictorPrior& prior) const {
  if (weights_ + prior.strength <= 0) return prior.ratio;
  return scaled(scaled(prior.strength, prior.ratio, kOne) + ratios_, kOne, prior.strength + weights_);
}

}  // namespace conclave
