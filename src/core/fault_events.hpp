// What injected faults say of themselves, so that trace, checkers and outcome can tell them from the protocol's own
// doing.
#pragma once

#include <cstdint>
#include <string>

#include "core/ids.hpp"
#include "core/record.hpp"

namespace conclave {

/// An agent has just misbehaved as the scenario says it should.
struct FaultInjected : RecordOf<FaultInjected> {
  static constexpr std::string_view kName = "fault_injected";
  std::string behaviour;    ///< as the scenario names it
  std::string what;         ///< what was done: `withheld`, `crashed`
  std::string message;      ///< kind of the message concerned; empty when it is not about one
  AgentId peer = kNobody;   ///< who should have it, or who sent it; kNobody when several
  std::uint64_t count = 0;  ///< how many: receivers, flipped bits
  static void fields(auto& self, auto& field) {
    field("behaviour", self.behaviour);
    field("what", self.what);
    field("message", self.message);
    field("peer", self.peer);
    field("count", self.count);
  }
};

}  // namespace conclave
