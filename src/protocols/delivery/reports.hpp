// What delivery layers have in common when they report and when they pass things through.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/delivery_events.hpp"
#include "core/delivery_messages.hpp"
#include "core/outbox.hpp"

namespace conclave {

inline SequenceViolation violation(std::string_view kind, AgentId from, std::uint64_t expected, std::uint64_t received,
                                   std::uint32_t conversation = 0) {
  SequenceViolation event;
  event.kind = kind;
  event.from = from;
  event.conversation = conversation;
  event.expected = expected;
  event.received = received;
  return event;
}

inline DeliveryRefused refusal(AgentId from, const Record& message, std::string_view reason) {
  DeliveryRefused event;
  event.from = from;
  event.message = message.type->name;
  event.reason = reason;
  return event;
}

inline constexpr std::string_view kNoSuchLayer = "not in an envelope: its sender has no such layer";

inline bool same_content(const RecordPtr& a, const RecordPtr& b) {
  return a == b || (a && b && a->type == b->type && a->encode().bytes == b->encode().bytes);
}

inline bool to_itself(const Send& send, AgentId self) {
  return send.to.is_one() && send.to.only() == self;
}

/// A bulk transfer, marked so that the same layer of the receiver lets it through.
inline void transfer_in_bulk(const Transfer& wanted, Outbox& out) {
  BulkEnvelope bulk;
  bulk.body = wanted.body;
  out.transfer(wanted.key, wanted.to, wanted.bytes, share(std::move(bulk)));
}

/// The notice about a message as whoever is inside knows that message.
inline RecordPtr unwrapped(const DeliveryNotice& notice, const RecordPtr& body) {
  DeliveryNotice inner = notice;
  inner.body = body;
  return share(std::move(inner));
}

/// Tells when a buffer is fuller than it ever was.
class HighWater {
 public:
  HighWater(std::string_view buffer, std::uint64_t bound) : buffer_(buffer), bound_(bound) {}
  void reaches(std::uint64_t level, AgentId peer, Outbox& out) {
    if (level <= most_) return;
    most_ = level;
    BufferLevel event;
    event.buffer = buffer_;
    event.peer = peer;
    event.level = level;
    event.bound = bound_;
    out.emit(std::move(event));
  }

 private:
  std::string_view buffer_;
  std::uint64_t bound_;
  std::uint64_t most_ = 0;
};

}  // namespace conclave
