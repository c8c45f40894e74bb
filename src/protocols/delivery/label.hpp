// What an ordering layer may know of a message: within which conversation its author wants order, or among which other
// messages. A message without a label belongs to conversation 0 and key 0, so that all of them are ordered.
#pragma once

#include <cstdint>
#include <vector>

#include "core/delivery_events.hpp"

namespace conclave {

struct MessageLabel {
  MessageName name;  ///< true name, which dependencies refer to
  std::uint32_t conversation = 0;
  std::uint32_t key = 0;
  std::vector<MessageName> requires_before;
};

/// A message that carries a label, and is what protocols of this family are made of.
struct TrafficItem : RecordOf<TrafficItem> {
  static constexpr std::string_view kName = "traffic_item";
  std::uint64_t life = 0;
  std::uint64_t number = 0;
  std::uint64_t content = 0;
  std::uint32_t conversation = 0;
  std::uint32_t key = 0;
  std::uint32_t generation = 0;  ///< an answer to an answer to … a message of the workload
  std::vector<MessageName> requires_before;
  Filler payload;
  static void fields(auto& self, auto& field) {
    field("life", self.life);
    field("number", self.number);
    field("content", self.content);
    field("conversation", self.conversation);
    field("key", self.key);
    field("generation", self.generation);
    field("requires", self.requires_before);
    field("payload", self.payload);
  }
};

/// A message of any protocol, named by the layer `witness`.
struct WitnessSeal : RecordOf<WitnessSeal> {
  static constexpr std::string_view kName = "witness_seal";
  std::uint64_t life = 0;
  std::uint64_t number = 0;
  std::uint64_t content = 0;
  RecordPtr body;
  static void fields(auto& self, auto& field) {
    field("life", self.life);
    field("number", self.number);
    field("content", self.content);
    field("body", self.body);
  }
};

}  // namespace conclave
