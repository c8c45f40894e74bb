// Reliability from history: the beta reputation system with forgetting (Jøsang, Ismail, "The Beta Reputation System",
// Bled 2002). After r successes and s failures the chance of success is Beta(r + 1, s + 1). At each new outcome the old
// ones lose a share of their weight, so that nobody lives on a good name for ever.
//
// Who is chosen by the mean of that distribution is chosen by ignorance: one success of one looks like 2/3. So the
// auctioneer goes by a lower quantile, mean minus `caution` standard deviations, which rises only with evidence.
#pragma once

#include "core/auction_terms.hpp"

namespace conclave {

class BetaReputation {
 public:
  /// `memory` is the share that an outcome keeps with each later one: 1 forgets nothing.
  void record(bool success, Millionths memory);
  /// (r + 1) / (r + s + 2)
  Millionths mean() const;
  /// mean - caution * sqrt(ab / ((a + b)^2 (a + b + 1))), at least 0.
  Millionths lower(Millionths caution) const;

 private:
  Millionths successes_ = 0;
  Millionths failures_ = 0;
};

}  // namespace conclave
