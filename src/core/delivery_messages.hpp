// What delivery layers put around messages, what they say to each other, and what they tell whoever runs inside them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/record.hpp"

namespace conclave {

/// A message within the numbering that its sender keeps for this receiver.
struct DeliveryEnvelope : RecordOf<DeliveryEnvelope> {
  static constexpr std::string_view kName = "delivery_envelope";
  std::uint64_t epoch = 0;     ///< life of the sender: it numbers from 1 again when it has lost its memory
  std::uint64_t sequence = 0;  ///< among its messages to this receiver, from 1
  std::uint64_t floor = 0;     ///< nothing below is on its way any more: delivered, or given up
  std::uint32_t attempt = 0;   ///< from 1
  RecordPtr body;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("sequence", self.sequence);
    field("floor", self.floor);
    field("attempt", self.attempt);
    field("body", self.body);
  }
};

/// The receiver has a message.
struct DeliveryAck : RecordOf<DeliveryAck> {
  static constexpr std::string_view kName = "delivery_ack";
  std::uint64_t epoch = 0;  ///< of the sender
  std::uint64_t sequence = 0;
  std::uint32_t attempt = 0;   ///< of which attempt this is the answer
  bool accepted = true;        ///< false: it was beyond the window, or of another life, and was thrown away
  std::uint64_t low = 0;       ///< it has everything up to here
  std::uint32_t credit = 0;    ///< it takes as many beyond
  std::uint64_t receiver = 0;  ///< life of the receiver
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("sequence", self.sequence);
    field("attempt", self.attempt);
    field("accepted", self.accepted);
    field("low", self.low);
    field("credit", self.credit);
    field("receiver", self.receiver);
  }
};

/// Bulk data, which the network itself delivers once or not at all.
struct BulkEnvelope : RecordOf<BulkEnvelope> {
  static constexpr std::string_view kName = "bulk_envelope";
  RecordPtr body;
  static void fields(auto& self, auto& field) { field("body", self.body); }
};

/// A message in its place among those of one lane: a conversation, or a key.
struct SequencedEnvelope : RecordOf<SequencedEnvelope> {
  static constexpr std::string_view kName = "sequenced_envelope";
  std::uint64_t epoch = 0;
  std::uint32_t lane = 0;  ///< the conversation or the key
  std::uint64_t sequence = 0;
  RecordPtr body;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("lane", self.lane);
    field("sequence", self.sequence);
    field("body", self.body);
  }
};

/// The receiver misses these.
struct SequencedNak : RecordOf<SequencedNak> {
  static constexpr std::string_view kName = "sequenced_nak";
  std::uint64_t epoch = 0;
  std::uint32_t lane = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("lane", self.lane);
    field("first", self.first);
    field("last", self.last);
  }
};

/// What is missing below this number will never come.
struct SequencedSkip : RecordOf<SequencedSkip> {
  static constexpr std::string_view kName = "sequenced_skip";
  std::uint64_t epoch = 0;
  std::uint32_t lane = 0;
  std::uint64_t below = 0;
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("lane", self.lane);
    field("below", self.below);
  }
};

// Between a layer and what is inside it. These come as messages of the agent to itself and never travel: a layer
// swallows those that come from outside.

/// What has become of a message: told without being asked when it is given up, and with `confirm` also when it is
/// delivered.
struct DeliveryNotice : RecordOf<DeliveryNotice> {
  static constexpr std::string_view kName = "delivery_notice";
  std::uint64_t token = 0;
  AgentId to = kNobody;
  std::string state;
  std::uint32_t attempts = 0;
  RecordPtr body;  ///< the message
  static void fields(auto& self, auto& field) {
    field("token", self.token);
    field("to", self.to);
    field("state", self.state);
    field("attempts", self.attempts);
    field("body", self.body);
  }
};

/// Sent by an agent to itself: what is the state of this token? Copies of messages have the tokens 1, 2, 3… in the
/// order in which they are given to the layer, those of one multicast in the order of their receivers.
struct DeliveryQuery : RecordOf<DeliveryQuery> {
  static constexpr std::string_view kName = "delivery_query";
  std::uint64_t token = 0;
  static void fields(auto& self, auto& field) { field("token", self.token); }
};

/// The answer: in_flight, delivered, dead_lettered, expired or unknown.
struct DeliveryState : RecordOf<DeliveryState> {
  static constexpr std::string_view kName = "delivery_state";
  std::uint64_t token = 0;
  std::string state;
  static void fields(auto& self, auto& field) {
    field("token", self.token);
    field("state", self.state);
  }
};

}  // namespace conclave
