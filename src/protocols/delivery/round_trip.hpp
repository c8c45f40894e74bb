// How long an answer may take: RFC 6298, "Computing TCP's Retransmission Timer". Integer arithmetic, so the same bits
// on every machine.
#pragma once

#include <algorithm>

#include "core/time.hpp"

namespace conclave {

class RoundTrip {
 public:
  /// `initial` until the first measurement, and nothing below `least` or above `most`.
  RoundTrip(Duration initial, Duration least, Duration most) : timeout_(initial), least_(least), most_(most) {}

  /// An answer took `sample`. Requires that it is known to which attempt it was an answer (Karn's algorithm): acks name
  /// the attempt.
  void measured(Duration sample) {
    if (smoothed_ == Duration::zero()) {
      smoothed_ = sample;
      variation_ = sample / 2;
    } else {
      const Duration error = smoothed_ > sample ? smoothed_ - sample : sample - smoothed_;
      variation_ += (error - variation_) / 4;  // beta = 1/4
      smoothed_ += (sample - smoothed_) / 8;   // alpha = 1/8
    }
    timeout_ = std::clamp(smoothed_ + std::max(kGranularity, 4 * variation_), least_, most_);  // K = 4
  }

  Duration timeout() const { return timeout_; }
  Duration smoothed() const { return smoothed_; }
  Duration variation() const { return variation_; }

 private:
  static constexpr Duration kGranularity = std::chrono::microseconds(1);
  Duration smoothed_{};   ///< SRTT
  Duration variation_{};  ///< RTTVAR
  Duration timeout_;
  Duration least_;
  Duration most_;
};

}  // namespace conclave
