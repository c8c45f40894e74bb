#include "protocols/auction/risk.hpp"

#include <algorithm>
#include <vector>

namespace conclave {

void LossHistory::record(Millionths loss, Millionths memory) {
  for (Case& old : cases_) old.weight = scaled(old.weight, memory, kOne);
  cases_.push_back({loss, kOne});
  if (cases_.size() > kLossesMax) cases_.pop_front();
}

Millionths LossHistory::conditional_value_at_risk(Millionths alpha) const {
  std::vector<Case> worst(cases_.begin(), cases_.end());
  worst.push_back({0, kOne});
  worst.push_back({kOne, kOne});
  std::sort(worst.begin(), worst.end(), [](const Case& a, const Case& b) { return a.loss > b.loss; });
  Millionths all = 0;
  for (const Case& each : worst) all += each.weight;
  const Millionths tail = std::max<Millionths>(1, scaled(all, kOne - alpha, kOne));
  Millionths left = tail, loss = 0;
  for (const Case& each : worst) {
    const Millionths taken = std::min(left, each.weight);
    loss += scaled(taken, each.loss, kOne);
    left -= taken;
  }
  return scaled(loss, kOne, tail);
}

}  // namespace conclave
