#include "protocols/auction/reliability.hpp"

#include <algorithm>
#include <cmath>

namespace conclave {

void BetaReputation::record(bool success, Millionths memory) {
  successes_ = scaled(successes_, memory, kOne) + (success ? kOne : 0);
  failures_ = scaled(failures_, memory, kOne) + (success ? 0 : kOne);
}

Millionths BetaReputation::mean() const {
  return scaled(successes_ + kOne, kOne, successes_ + failures_ + 2 * kOne);
}

Millionths BetaReputation::lower(Millionths caution) const {
  const double a = static_cast<double>(successes_ + kOne) / 1e6;
  const double b = static_cast<double>(failures_ + kOne) / 1e6;
  const double deviation = std::sqrt(a * b / (a + b + 1)) / (a + b);  // IEEE operations only: the same everywhere
  return std::max<Millionths>(0, mean() - scaled(caution, static_cast<Millionths>(deviation * 1e6), kOne));
}

}  // namespace conclave
