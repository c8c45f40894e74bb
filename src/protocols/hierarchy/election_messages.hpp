// What electors say to each other when nobody stands at the root.
#pragma once

#include <string_view>

#include "core/codec.hpp"
#include "core/hierarchy_events.hpp"
#include "core/record.hpp"

namespace conclave {

/// Bully: is anybody there who would lead before me? Lease: grant me this term.
struct ElectionCall : RecordOf<ElectionCall> {
  static constexpr std::string_view kName = "election_call";
  Epoch epoch;
  static void fields(auto& self, auto& field) { field("epoch", self.epoch); }
};

/// Bully: I am. Lease: granted.
struct ElectionAnswer : RecordOf<ElectionAnswer> {
  static constexpr std::string_view kName = "election_answer";
  Epoch epoch;
  static void fields(auto& self, auto& field) { field("epoch", self.epoch); }
};

/// Ring: the best candidate so far, on its way round. Each that passes it on says so to the one before.
struct ElectionToken : RecordOf<ElectionToken> {
  static constexpr std::string_view kName = "election_token";
  Epoch epoch;
  std::uint32_t candidate = 0;  ///< rank
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("candidate", self.candidate);
  }
};

struct ElectionTokenTaken : RecordOf<ElectionTokenTaken> {
  static constexpr std::string_view kName = "election_token_taken";
  std::uint32_t candidate = 0;
  static void fields(auto& self, auto& field) { field("candidate", self.candidate); }
};

/// I stand at the root from here on.
struct ElectionWon : RecordOf<ElectionWon> {
  static constexpr std::string_view kName = "election_won";
  Epoch epoch;
  static void fields(auto& self, auto& field) { field("epoch", self.epoch); }
};

}  // namespace conclave
