// Counters of a run. Each executor thread has its own; they are added up at the end.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

/// A histogram of durations with 32 buckets per power of two: quantiles are exact to 3.2 %, minimum, maximum and mean
/// exactly.
class DurationHistogram {
 public:
  void add(Duration value) {
    const auto ns = static_cast<std::uint64_t>(value.count());
    buckets_[bucket(ns)]++;
    count_++;
    sum_ += ns;
    least_ = std::min(least_, ns);
    most_ = std::max(most_, ns);
  }
  void merge(const DurationHistogram& other);
  std::uint64_t count() const { return count_; }
  Duration least() const { return Duration(static_cast<std::int64_t>(count_ == 0 ? 0 : least_)); }
  Duration most() const { return Duration(static_cast<std::int64_t>(most_)); }
  Duration mean() const { return Duration(static_cast<std::int64_t>(count_ == 0 ? 0 : sum_ / count_)); }
  /// Upper end of the bucket that holds the quantile, but never beyond the maximum. Requires 0 < percent <= 100.
  Duration percentile(std::uint32_t percent) const;

 private:
  static constexpr int kSubBits = 5;
  static constexpr std::size_t bucket(std::uint64_t ns) {
    if (ns < (1u << (kSubBits + 1))) return ns;
    const int exponent = 63 - std::countl_zero(ns) - kSubBits;
    return (static_cast<std::size_t>(exponent) << kSubBits) + (ns >> exponent);
  }
  static std::uint64_t upper_end(std::size_t bucket);

  std::array<std::uint64_t, (64 - kSubBits + 1) << kSubBits> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t least_ = ~std::uint64_t{0};
  std::uint64_t most_ = 0;
};

/// How many, by kind of message. There are few kinds, and what is counted is mostly of the kind before.
class KindCounts {
 public:
  void add(const RecordType& kind, std::uint64_t count) {
    if (last_ == counts_.size() || counts_[last_].kind != &kind) last_ = find(kind);
    counts_[last_].count += count;
  }
  void merge(const KindCounts& other) {
    for (const Count& each : other.counts_) add(*each.kind, each.count);
  }
  std::map<std::string_view, std::uint64_t> by_name() const {
    std::map<std::string_view, std::uint64_t> named;
    for (const Count& each : counts_) named[each.kind->name] += each.count;
    return named;
  }

 private:
  struct Count {
    const RecordType* kind;
    std::uint64_t count;
  };
  std::size_t find(const RecordType& kind) {
    const auto found =
        std::find_if(counts_.begin(), counts_.end(), [&](const Count& each) { return each.kind == &kind; });
    if (found != counts_.end()) return static_cast<std::size_t>(found - counts_.begin());
    counts_.push_back({&kind, 0});
    return counts_.size() - 1;
  }

  std::vector<Count> counts_;
  std::size_t last_ = 0;
};

struct Metrics {
  std::uint64_t messages_sent = 0;  ///< copies: a broadcast to n counts n
  std::uint64_t messages_delivered = 0;
  std::uint64_t messages_duplicated = 0;  ///< further copies that link rules have made
  std::array<std::uint64_t, kDropReasons> messages_dropped{};
  std::uint64_t bytes_sent = 0;  ///< of all copies, headers included
  std::uint64_t timers_fired = 0;
  std::uint64_t requests = 0;
  std::uint64_t computations = 0;
  std::uint64_t transfers = 0;
  KindCounts sent_by_kind;
  DurationHistogram latency;  ///< from leaving the sender's protocol to being taken up by the receiver's

  std::uint64_t dropped() const;
  void merge(const Metrics& other);
  /// The object `metrics` of the results (docs/trace.md names its fields).
  std::string json() const;
};

}  // namespace conclave
