// Innovation: how far a bid is from past work (novelty as in Lehman and Stanley, "Abandoning Objectives", Evolutionary
// Computation 19, 2011). The mean distance to the k nearest completed contracts, in units of the archive's own median
// of that, and cut to [0, 1]. The archive holds what was delivered, not what was offered, so noise in bids moves
// nothing there. Without enough past work nothing is called new.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/auction_terms.hpp"

namespace conclave {

/// Past contracts at most: the oldest make room.
inline constexpr std::size_t kArchiveMax = 256;

class InnovationArchive {
 public:
  static constexpr std::size_t kNearest = 3;
  /// Cost, quality and performance, each a share of its range.
  using Features = std::array<Millionths, 3>;

  void add(const Features& completed);
  Millionths novelty(const Features& offered) const;
  std::size_t size() const { return past_.size(); }

 private:
  /// Mean distance to the kNearest of the archive, leaving out entry `except`. Requires as many.
  Millionths sparseness(const Features& at, std::size_t except) const;

  std::vector<Features> past_;  ///< a ring once it is full
  std::size_t oldest_ = 0;
  Millionths median_ = 0;  ///< of the sparseness of its own entries
};

}  // namespace conclave
