// What an auctioneer knows from experience, of each bidder and of past work. Later auctions learn from it.
#pragma once

#include <map>

#include "core/auction_events.hpp"
#include "protocols/auction/innovation.hpp"
#include "protocols/auction/predictor.hpp"
#include "protocols/auction/reliability.hpp"
#include "protocols/auction/risk.hpp"

namespace conclave {

/// How an auctioneer learns.
struct Learning {
  PredictorPrior prior;
  Millionths memory = 950'000;     ///< share of its weight that an outcome keeps with each later one
  Millionths caution = kOne;       ///< standard deviations below the mean that reliability is taken at
  Millionths risk_tail = 800'000;  ///< alpha: risk is the mean loss of the worst 1 - alpha
};

struct Assessment {
  std::uint64_t contracts = 0;
  Millionths quality_calibration = 0;
  Millionths performance_calibration = 0;
  Millionths reliability = 0;
  Millionths failure = 0;
  Millionths risk = 0;
};

class History {
 public:
  explicit History(const Learning& learning) : learning_(learning) {}

  Assessment assess(AgentId bidder) const;
  /// Learns how a contract ended. Who declines has promised nothing yet.
  void learn(const ContractEnded& contract);
  const InnovationArchive& archive() const { return archive_; }
  void archive(const InnovationArchive::Features& completed) { archive_.add(completed); }

 private:
  struct Track {
    std::uint64_t contracts = 0;
    BetaReputation reputation;
    Calibration quality;
    Calibration performance;
    LossHistory losses;
  };
  Learning learning_;
  std::map<AgentId, Track> tracks_;
  InnovationArchive archive_;
};

}  // namespace conclave
