// How far the others have come, as far as a replica has heard.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace conclave {

/// Of each replica the highest slot that it has spoken of. All of n replicas keep this of n, so it is a byte each: how
/// far above a base that follows what has been executed. Who is further off, a liar perhaps, stands in a map.
class Heard {
 public:
  /// `replicas` must be the same in all calls.
  void note(std::uint32_t rank, std::uint32_t replicas, std::uint64_t sequence) {
    if (sequence <= base_) return;
    if (sequence - base_ > kNearMost) {
      std::uint64_t& far = far_[rank];
      far = std::max(far, sequence);
    } else {
      if (near_.empty()) near_.resize(replicas);
      near_[rank] = std::max(near_[rank], static_cast<std::uint8_t>(sequence - base_));
    }
  }

  /// From now on only slots above this one matter.
  void executed(std::uint64_t sequence) {
    if (sequence < base_ + kStep) return;
    const std::uint64_t step = sequence - base_;
    for (std::uint8_t& near : near_) near = static_cast<std::uint8_t>(near > step ? near - step : 0);
    base_ = sequence;
    std::erase_if(far_, [this](const auto& far) { return far.second <= base_; });
  }

  /// How many have spoken of a slot above `sequence`. Requires that no later one has been executed.
  std::uint64_t beyond(std::uint64_t sequence) const {
    std::uint64_t count = 0;
    for (const auto& [rank, far] : far_) count += far > sequence;
    for (std::uint32_t rank = 0; rank < near_.size(); rank++) {
      if (base_ + near_[rank] <= sequence) continue;
      const auto far = far_.find(rank);
      count += far == far_.end() || far->second <= sequence;
    }
    return count;
  }

 private:
  static constexpr std::uint64_t kNearMost = 255;
  /// The base follows in steps, as it takes a walk over all.
  static constexpr std::uint64_t kStep = 128;

  std::uint64_t base_ = 0;
  std::vector<std::uint8_t> near_;              ///< by rank; empty before the first note
  std::map<std::uint32_t, std::uint64_t> far_;  ///< by rank
};

}  // namespace conclave
