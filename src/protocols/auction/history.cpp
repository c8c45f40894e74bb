#include "protocols/auction/history.hpp"

#include <algorithm>

namespace conclave {

namespace {

/// The part of a promise that was not kept.
Millionths shortfall(Millionths promised, Millionths delivered) {
  if (promised <= 0 || delivered >= promised) return 0;
  return scaled(promised - std::max<Millionths>(0, delivered), kOne, promised);
}

}  // namespace

Assessment History::assess(AgentId bidder) const {
  static const Track kUnknown;
  const auto known = tracks_.find(bidder);
  const Track& track = known == tracks_.end() ? kUnknown : known->second;
  return {.contracts = track.contracts,
          .quality_calibration = track.quality.ratio(learning_.prior),
          .performance_calibration = track.performance.ratio(learning_.prior),
          .reliability = track.reputation.lower(learning_.caution),
          .failure = kOne - track.reputation.mean(),
          .risk = track.losses.conditional_value_at_risk(learning_.risk_tail)};
}

void History::learn(const ContractEnded& contract) {
  if (contract.end == ContractEnd::declined) return;
  Track& track = tracks_[contract.bidder];
  const bool delivered = contract.end == ContractEnd::fulfilled || contract.end == ContractEnd::below_specification;
  track.contracts++;
  track.reputation.record(contract.end == ContractEnd::fulfilled, learning_.memory);
  if (!delivered) return track.losses.record(kOne, learning_.memory);
  track.quality.record(contract.quality_promised, contract.quality_delivered, learning_.memory);
  track.performance.record(contract.performance_promised, contract.performance_delivered, learning_.memory);
  track.losses.record(shortfall(contract.quality_promised, contract.quality_delivered), learning_.memory);
}

}  // namespace conclave
