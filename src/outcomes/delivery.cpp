// What a run reports of the delivery of messages: how many were written, received and given up, how often they were
// sent and how long they took, and what layers found wrong with the numbering. A copy is a message for one receiver.
//
// Means and variances are those of all copies; percentiles are of a histogram with 3 % wide classes.

#include <fmt/format.h>

#include <array>
#include <bit>
#include <map>

#include "core/catalog.hpp"
#include "core/copy_book.hpp"
#include "core/delivery_events.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

__extension__ using Wide = unsigned __int128;

/// Exact sums of integers: mean and variance do not hang on the order.
class Moments {
 public:
  void add(std::uint64_t value) {
    count_++;
    sum_ += value;
    squares_ += static_cast<Wide>(value) * value;
  }
  std::uint64_t count() const { return count_; }
  double mean() const { return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_); }
  /// Of the sample, not of its mean.
  double variance() const {
    if (count_ < 2) return 0;
    const double n = static_cast<double>(count_);
    return std::max(0.0, static_cast<double>(squares_) / n - mean() * mean()) * n / (n - 1);
  }
  std::string json() const {
    return fmt::format(R"({{"count":{},"mean":{},"variance":{}}})", count_, mean(), variance());
  }

 private:
  std::uint64_t count_ = 0;
  Wide sum_ = 0;
  Wide squares_ = 0;
};

class DeliveryOutcome final : public Outcome {
 public:
  DeliveryOutcome(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      on_submitted(event, *submitted);
    } else if (const auto* received = event.record->as<MessageReceived>()) {
      on_received(event, *received);
    } else if (const auto* settled = event.record->as<MessageSettled>()) {
      on_settled(event, *settled);
    } else {
      on_layer(event);
    }
  }

  std::string json(const RunEnd&) const override {
    if (copies_ == 0 && dead_lettered_ + expired_ + retransmissions_ + refused_ == 0 && violations_.empty()) return {};
    std::string violations;
    for (const auto& [kind, count] : violations_)
      violations += fmt::format(R"({}"{}":{})", violations.empty() ? "" : ",", kind, count);
    std::string buffers;
    for (const auto& [buffer, level] : buffers_)
      buffers += fmt::format(R"({}"{}":{})", buffers.empty() ? "" : ",", buffer, level);
    return fmt::format(
        R"({{"messages":{},"sent":{},"delivered":{},"duplicates":{},"retransmissions":{},"dead_lettered":{},"expired":{},)"
        R"("confirmed":{},"given_up":{},"given_up_but_delivered":{},"unsettled":{},"refused":{},"violations":{{{}}},)"
        R"("held":{},"held_wait_ns":{},"skipped":{},"buffer_high_water":{{{}}},"latency_ns":{{"moments":{},"median":{},)"
        R"("p90":{},"p99":{},"worst":{}}},"attempts":{}}})",
        messages_, copies_, delivered_, duplicates_, retransmissions_, dead_lettered_, expired_, confirmed_, given_up_,
        given_up_but_delivered(), copies_ - std::min(copies_, confirmed_ + given_up_), refused_, violations, held_,
        held_wait_.json(), skipped_, buffers, latency_.json(), percentile(50).count(), percentile(90).count(),
        percentile(99).count(), worst_, attempts_.json());
  }

  std::string summary(const RunEnd&) const override {
    if (copies_ == 0) return {};
    std::string text = fmt::format("{} of {} copies delivered", delivered_, copies_);
    if (duplicates_ > 0) text += fmt::format(", {} of them again", duplicates_);
    text += fmt::format(" · {} retransmissions, {} given up", retransmissions_, given_up_);
    if (delivered_ > 0)
      text += fmt::format(" · latency {} median, {} worst", rounded(percentile(50)),
                          rounded(Duration(static_cast<std::int64_t>(worst_))));
    return text;
  }

 private:
  struct Copy {
    Time submitted;
    std::uint32_t receipts = 0;
    bool given_up = false;
  };

  void on_submitted(const Event& event, const MessageSubmitted& submitted) {
    messages_++;
    submitted.to.each(event.agent, [&](AgentId) { copies_++; });
    book_.submit(event.agent, submitted, {event.time});
  }

  void on_received(const Event& event, const MessageReceived& received) {
    Copy* copy = book_.find(received.message, event.agent);
    if (!copy) return;
    if (copy->receipts++ > 0) return void(duplicates_++);
    delivered_++;
    const auto latency = static_cast<std::uint64_t>((event.time - copy->submitted).count());
    latency_.add(latency);
    histogram_[bucket(latency)]++;
    worst_ = std::max(worst_, latency);
  }

  void on_settled(const Event& event, const MessageSettled& settled) {
    attempts_.add(settled.attempts);
    if (settled.state == "delivered") return void(confirmed_++);
    given_up_++;
    if (Copy* copy = book_.find({event.agent, settled.life, settled.number}, settled.to)) copy->given_up = true;
  }

  void on_layer(const Event& event) {
    const Record& record = *event.record;
    if (record.as<Retransmitted>()) retransmissions_++;
    if (const auto* dead = record.as<DeadLettered>()) (dead->state == "expired" ? expired_ : dead_lettered_)++;
    if (const auto* violation = record.as<SequenceViolation>()) violations_[violation->kind]++;
    if (record.as<DeliveryRefused>()) refused_++;
    if (record.as<MessageHeld>()) held_++;
    if (const auto* drained = record.as<MessagesDrained>())
      held_wait_.add(static_cast<std::uint64_t>(drained->waited.count()));
    if (const auto* gap = record.as<GapSkipped>()) skipped_ += gap->last - gap->first + 1;
    if (const auto* level = record.as<BufferLevel>()) {
      std::uint64_t& highest = buffers_[level->buffer];
      highest = std::max(highest, level->level);
    }
  }

  std::uint64_t given_up_but_delivered() const {
    std::uint64_t count = 0;
    book_.each([&](const MessageName&, AgentId, const Copy& copy) { count += copy.given_up && copy.receipts > 0; });
    return count;
  }

  // 32 classes for each power of two.
  static std::size_t bucket(std::uint64_t ns) {
    if (ns < 64) return ns;
    const int exponent = 63 - std::countl_zero(ns) - 5;
    return (static_cast<std::size_t>(exponent) << 5) + (ns >> exponent);
  }
  static std::uint64_t upper_end(std::size_t at) {
    if (at < 64) return at;
    const std::size_t exponent = (at >> 5) - 1;
    return ((std::uint64_t{(at & 31) + 32} + 1) << exponent) - 1;
  }
  Duration percentile(std::uint64_t percent) const {
    std::uint64_t wanted = (latency_.count() * percent + 99) / 100;
    for (std::size_t i = 0; i < histogram_.size() && wanted > 0; i++) {
      if (histogram_[i] >= wanted) return Duration(static_cast<std::int64_t>(std::min(upper_end(i), worst_)));
      wanted -= histogram_[i];
    }
    return {};
  }

  const Roster& roster_;
  CopyBook<Copy> book_;
  std::uint64_t messages_ = 0, copies_ = 0, delivered_ = 0, duplicates_ = 0;
  std::uint64_t retransmissions_ = 0, dead_lettered_ = 0, expired_ = 0, refused_ = 0;
  std::uint64_t confirmed_ = 0, given_up_ = 0;
  std::uint64_t held_ = 0, skipped_ = 0, worst_ = 0;
  Moments latency_, attempts_, held_wait_;
  std::array<std::uint32_t, 61 * 32> histogram_{};
  std::map<std::string, std::uint64_t> violations_;
  std::map<std::string, std::uint64_t> buffers_;
};

const bool registered =
    OutcomeCatalog::add<DeliveryOutcome>({.name = "delivery",
                                          .family = "delivery",
                                          .summary = "messages: delivered, repeated, given up, held back, and when"});

}  // namespace
}  // namespace conclave
