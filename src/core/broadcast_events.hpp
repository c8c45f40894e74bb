// What protocols emit that spread one agent's value to a group: the vocabulary shared by them, their checkers and their
// outcome. A broadcast is named by who began it and that agent's own number for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/record.hpp"

namespace conclave {

/// The agent has begun to broadcast a value to its group.
struct BroadcastStarted : RecordOf<BroadcastStarted> {
  static constexpr std::string_view kName = "broadcast_started";
  std::uint64_t number = 0;  ///< the agent's own, from 1
  Digest digest;             ///< of the value
  static void fields(auto& self, auto& field) {
    field("number", self.number);
    field("digest", self.digest);
  }
};

/// The agent has handed a broadcast value to whoever waits for it.
struct BroadcastDelivered : RecordOf<BroadcastDelivered> {
  static constexpr std::string_view kName = "broadcast_delivered";
  static constexpr bool kDecision = true;
  AgentId origin = kNobody;
  std::uint64_t number = 0;
  Digest digest;
  static void fields(auto& self, auto& field) {
    field("origin", self.origin);
    field("number", self.number);
    field("digest", self.digest);
  }
};

/// The agent takes no part in a broadcast, and says why.
struct BroadcastRefused : RecordOf<BroadcastRefused> {
  static constexpr std::string_view kName = "broadcast_refused";
  AgentId origin = kNobody;
  std::uint64_t number = 0;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("origin", self.origin);
    field("number", self.number);
    field("reason", self.reason);
  }
};

}  // namespace conclave
