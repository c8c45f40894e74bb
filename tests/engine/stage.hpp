// A stage for engine tests: agents whose protocol is a function of the test, a scenario written in YAML, and every
// event of the run. SimGrid runs once per process, so ctest gives each test case a process of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/protocol.hpp"
#include "engine/run.hpp"
#include "scenario/load.hpp"

namespace conclave::stage {

/// What the agents of the stack `test_actor` do.
using Act = std::function<void(const View&, const Input&, Outbox&)>;

/// A message that is nothing but its size.
struct Parcel : RecordOf<Parcel> {
  static constexpr std::string_view kName = "parcel";
  std::uint32_t label = 0;
  Filler filler;
  static void fields(auto& self, auto& field) {
    field("label", self.label);
    field("filler", self.filler);
  }
};

/// A parcel that takes exactly `bytes` on the wire when the scenario says `header: 0B`. Requires bytes >= 12.
RecordPtr parcel(std::uint32_t bytes, std::uint32_t label = 0);

struct Recording {
  std::vector<Event> events;
  RunResult result;

  /// Those of one kind at one agent, in order.
  std::vector<Event> of(EventKind kind, std::uint32_t agent) const;
};

/// Runs a scenario of the given YAML body; title, seed 1, stop_at 1h are added where missing. Fails the test on any
/// error.
Recording play(const std::string& yaml, Act act);

/// The same, ended when `poll` says so.
Recording play(const std::string& yaml, Act act, std::function<bool(Time)> poll, unsigned threads = 1);

/// What a scenario's errors are, from the loader or the platform.
std::string refusal(const std::string& yaml);

}  // namespace conclave::stage
