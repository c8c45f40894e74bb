#include "trace/metrics.hpp"

#include <fmt/format.h>

#include <numeric>

namespace conclave {

void DurationHistogram::merge(const DurationHistogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); i++) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  least_ = std::min(least_, other.least_);
  most_ = std::max(most_, other.most_);
}

std::uint64_t DurationHistogram::upper_end(std::size_t bucket) {
  if (bucket < (1u << (kSubBits + 1))) return bucket;
  const std::size_t exponent = (bucket >> kSubBits) - 1;
  const std::uint64_t mantissa = bucket - (exponent << kSubBits);
  return ((mantissa + 1) << exponent) - 1;
}

Duration DurationHistogram::percentile(std::uint32_t percent) const {
  if (count_ == 0) return Duration::zero();
  const std::uint64_t rank = (count_ * percent + 99) / 100;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); i++) {
    seen += buckets_[i];
    if (seen >= rank) return Duration(static_cast<std::int64_t>(std::min(upper_end(i), most_)));
  }
  return most();
}

std::uint64_t Metrics::dropped() const {
  return std::accumulate(messages_dropped.begin(), messages_dropped.end(), std::uint64_t{0});
}

void Metrics::merge(const Metrics& other) {
  messages_sent += other.messages_sent;
  messages_delivered += other.messages_delivered;
  messages_duplicated += other.messages_duplicated;
  for (std::size_t i = 0; i < messages_dropped.size(); i++) messages_dropped[i] += other.messages_dropped[i];
  bytes_sent += other.bytes_sent;
  timers_fired += other.timers_fired;
  requests += other.requests;
  computations += other.computations;
  transfers += other.transfers;
  sent_by_kind.merge(other.sent_by_kind);
  latency.merge(other.latency);
}

std::string Metrics::json() const {
  std::string kinds, reasons;
  for (const auto& [kind, count] : sent_by_kind.by_name())
    kinds += fmt::format("{}\"{}\":{}", kinds.empty() ? "" : ",", kind, count);
  for (std::size_t i = 0; i < messages_dropped.size(); i++) {
    reasons += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", name(static_cast<DropReason>(i)), messages_dropped[i]);
  }
  return fmt::format(
      R"({{"messages_sent":{},"messages_delivered":{},"messages_duplicated":{},"messages_dropped":{},"messages_dropped_by_reason":{{{}}},)"
      R"("messages_by_kind":{{{}}},"bytes_sent":{},"timers_fired":{},"requests":{},"computations":{},"transfers":{},)"
      R"("latency_ns":{{"count":{},"min":{},"mean":{},"p50":{},"p90":{},"p99":{},"max":{}}}}})",
      messages_sent, messages_delivered, messages_duplicated, dropped(), reasons, kinds, bytes_sent, timers_fired,
      requests, computations, transfers, latency.count(), latency.least().count(), latency.mean().count(),
      latency.percentile(50).count(), latency.percentile(90).count(), latency.percentile(99).count(),
      latency.most().count());
}

}  // namespace conclave
