// Order among the messages of one author to one receiver: what `fifo_order` and `key_order` share. They differ in which
// messages are to be in order. Only the first receipt of a message counts: repetitions are the business of
// no_duplication.
#pragma once

#include <map>
#include <tuple>

#include "checkers/delivery_checker.hpp"
#include "core/copy_book.hpp"

namespace conclave {

class OrderChecker : public DeliveryChecker {
 public:
  void observe(const Event& event) final {
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      if (judges(event.agent)) book_.submit(event.agent, *submitted, {lane_of(*submitted), false});
    } else if (const auto* received = event.record->as<MessageReceived>(); received && judges(event.agent)) {
      on_received(event, received->message);
    }
  }
  Verdict conclude(const RunEnd&) final {
    return verdict(fmt::format("{} copies of messages received, none after a later one of its {}", received_, what_));
  }

 protected:
  OrderChecker(std::string_view what, bool faulty, const RunFacts& facts)
      : DeliveryChecker(faulty, facts), what_(what) {}
  virtual std::uint32_t lane_of(const MessageSubmitted& message) const = 0;

 private:
  struct Copy {
    std::uint32_t lane = 0;
    bool received = false;
  };

  void on_received(const Event& event, const MessageName& message) {
    Copy* copy = book_.find(message, event.agent);
    if (!copy || copy->received) return;
    copy->received = true;
    received_++;
    std::uint64_t& last = last_[{event.agent, message.author, copy->lane, message.life}];
    if (message.number < last)
      fail(fmt::format("{} was handed {} at {:.6f} s, after message {} of the same {}", roster().name(event.agent),
                       text(message), seconds(event.time), last, what_));
    last = std::max(last, message.number);
  }

  const std::string_view what_;
  CopyBook<Copy> book_;
  /// Number of the last message, by receiver, author, lane and life.
  std::map<std::tuple<AgentId, AgentId, std::uint32_t, std::uint64_t>, std::uint64_t> last_;
  std::uint64_t received_ = 0;
};

}  // namespace conclave
