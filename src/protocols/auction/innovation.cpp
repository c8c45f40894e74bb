#include "protocols/auction/innovation.hpp"

#include <algorithm>
#include <cmath>

namespace conclave {

namespace {

Millionths distance(const InnovationArchive::Features& a, const InnovationArchive::Features& b) {
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); i++) {
    const auto difference = static_cast<double>(a[i] - b[i]);
    squares += difference * difference;
  }
  return static_cast<Millionths>(std::sqrt(squares));
}

}  // namespace

void InnovationArchive::add(const Features& completed) {
  if (past_.size() < kArchiveMax) {
    past_.push_back(completed);
  } else {
    past_[oldest_] = completed;
    oldest_ = (oldest_ + 1) % kArchiveMax;
  }
  if (past_.size() <= kNearest) return;
  std::vector<Millionths> own;
  for (std::size_t i = 0; i < past_.size(); i++) own.push_back(sparseness(past_[i], i));
  const auto middle = own.begin() + static_cast<std::ptrdiff_t>(own.size() / 2);
  std::nth_element(own.begin(), middle, own.end());
  median_ = *middle;
}

Millionths InnovationArchive::novelty(const Features& offered) const {
  if (past_.size() <= kNearest) return 0;
  const Millionths far = sparseness(offered, past_.size());
  if (median_ == 0) return far > 0 ? kOne : 0;
  return std::min(kOne, scaled(far, kOne, median_));
}

Millionths InnovationArchive::sparseness(const Features& at, std::size_t except) const {
  std::array<Millionths, kNearest> nearest;
  nearest.fill(kMillionthsMax);
  for (std::size_t i = 0; i < past_.size(); i++) {
    if (i == except) continue;
    Millionths far = distance(at, past_[i]);
    for (Millionths& place : nearest)
      if (far < place) std::swap(far, place);
  }
  Millionths sum = 0;
  for (const Millionths each : nearest) sum += each;
  return sum / static_cast<Millionths>(kNearest);
}

}  // namespace conclave
