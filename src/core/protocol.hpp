// The contract of a protocol: one input in, effects out. It never blocks, reads a clock, draws ambient randomness or
// does I/O, so the same source runs under the timed engine and under the scripted lab of the tests.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "core/crypto.hpp"
#include "core/ids.hpp"
#include "core/outbox.hpp"
#include "core/random.hpp"
#include "core/record.hpp"
#include "core/roster.hpp"
#include "core/time.hpp"

namespace conclave {

/// The first input of every agent.
struct Start {};
/// A message has arrived. `from` is stamped by the network and cannot be forged; what the body claims can be.
struct Message {
  AgentId from;
  const RecordPtr& body;  ///< borrowed: copy the pointer to hold on to the record
};
struct TimerFired {
  TimerKey key;
};
/// The workload asks for something: the `number`-th request of this agent, counted from 1.
struct Request {
  std::uint64_t number;
  std::uint32_t payload_bytes;
};
/// A computation or a transfer has ended; not `completed` when its host or link failed underneath.
struct WorkFinished {
  WorkKey key;
  bool completed;
};
/// The agent's host is back. Timers and messages in flight are gone; the protocol's state is what it had.
struct Restarted {};

/// In the order in which inputs of the same instant are handled.
using Input = std::variant<Start, Restarted, Message, TimerFired, Request, WorkFinished>;

/// All that an agent may know of the world during one step; borrowed.
struct View {
  AgentId self;
  Time now;              ///< when the agent takes up this input
  AgentRange peers;      ///< its group, itself included
  const Roster& roster;  ///< the groups by name
  Random& random;        ///< this agent's own stream
  Crypto& crypto;        ///< signs as `self` and as nobody else
};

class Protocol {
 public:
  Protocol() = default;
  virtual ~Protocol() = default;

  /// Handles one input completely: appends effects to `out` in the order in which they should happen.
  virtual void step(const View& view, const Input& input, Outbox& out) = 0;

 protected:
  // An agent's state is copyable, so that an explorer can branch and a twin can be made.
  Protocol(const Protocol&) = default;
  Protocol& operator=(const Protocol&) = default;
};

/// Calls the matching case of an input; inputs without a case are ignored.
template <class... Cases>
void match(const Input& input, Cases&&... cases) {
  std::visit(Overload{std::forward<Cases>(cases)..., [](const auto&) {}}, input);
}

}  // namespace conclave
