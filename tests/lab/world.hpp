// The world of the lab: agents built from the catalogs, the messages in flight between them, their pending timers and
// work. It is the second driver of the protocols and no simulator: there is no latency, nothing happens unless a
// notebook asks for it, and then it is written on the page, the cause first and its effects indented below it.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/catalog.hpp"
#include "core/event.hpp"
#include "lab/words.hpp"

namespace conclave::lab {

/// One copy of a message for one receiver. The order is by content, never by who was first in the program's memory.
struct Flight {
  AgentId from;
  std::uint64_t message;  ///< the sender's own number, from 1; a broadcast is one message
  AgentId to;
  std::uint32_t copy = 0;  ///< above 0 for duplicates that the notebook made

  auto operator<=>(const Flight&) const = default;
};

/// A timer that has been set. Ordered by when it is due.
struct PendingTimer {
  Time due;
  AgentId agent;
  TimerKey key;

  auto operator<=>(const PendingTimer&) const = default;
};

class World {
 public:
  /// The lab needs one seed and any will do: what depends on randomness belongs into a scenario.
  static constexpr std::uint64_t kSeed = 1;

  World();
  ~World();

  // The cast, fixed by start().

  /// `stack` is outermost first, as in a scenario: layers, then the protocol.
  void add_group(const std::string& name, std::uint32_t count, std::vector<Component> stack);
  /// Wraps the behaviour around whatever the agent already is, so the last one added is outermost, and marks it faulty.
  void add_behaviour(AgentId id, Component behaviour);
  /// Builds all agents and gives each its Start.
  void start();
  bool started() const { return started_; }
  const Roster& roster() const { return roster_; }

  // What is pending.

  const std::map<Flight, RecordPtr>& in_flight() const { return in_flight_; }
  std::vector<PendingTimer> timers() const;
  std::vector<WorkKey> work_of(AgentId id) const;
  /// Everything that agents have emitted, in order.
  const std::vector<Event>& events() const { return events_; }
  Time now() const { return now_; }

  // What may happen.

  void request(AgentId id, std::uint32_t payload_bytes);
  void deliver(Flight flight);
  void drop(Flight flight) { in_flight_.erase(flight); }
  /// Puts one more copy in flight.
  void duplicate(Flight flight);
  /// Flips a bit, counted from the end when negative, of the encoded message. A message that no longer decodes is lost.
  void corrupt(Flight flight, std::int64_t bit);
  /// `by` sends the same body, under its own name, to the same receiver.
  void relay(Flight flight, AgentId by);
  /// Requires a pending timer. Does not move the time.
  void fire(AgentId id, TimerKey key);
  /// Requires pending work.
  void finish(AgentId id, WorkKey key, bool completed);
  /// As if the host had been off and on: timers, work and messages to the agent are gone.
  void restart(AgentId id);
  void advance(Duration by) { now_ += by; }

  // The page.

  void write(std::string_view line);
  /// While quiet, only what agents emit is written.
  void set_quiet(bool quiet) { quiet_ = quiet; }
  std::string take_page() { return std::exchange(page_, {}); }
  std::string describe(Flight flight) const;
  std::string describe(const Event& event) const;
  /// The stack of an agent, outermost first: `silent + pbft`.
  std::string stack_text(AgentId id) const;

 private:
  struct Agent;
  struct Work;

  Agent& at(AgentId id);
  const Agent& at(AgentId id) const;
  std::unique_ptr<Protocol> build(AgentId id);
  /// One step, under a heading that says what came in.
  void give(AgentId id, const Input& input, const std::string& heading, bool always = true);
  void perform(AgentId id, const Effect& effect);
  void send(AgentId from, const Recipients& to, const RecordPtr& body);
  void set_timer(AgentId id, TimerKey key, Duration after);
  void emit(AgentId id, const RecordPtr& record);
  void note(const std::string& line);

  Roster roster_;
  std::vector<std::unique_ptr<Agent>> agents_;
  const std::unique_ptr<KeyRing> keys_;
  std::map<Flight, RecordPtr> in_flight_;
  std::vector<Event> events_;
  Time now_ = kStartOfRun;
  bool started_ = false;
  bool quiet_ = false;
  std::string page_;
};

/// Configures a component of a catalog, or throws what is wrong with it.
template <class Catalog>
typename Catalog::Chosen choose(const Component& component, const typename Catalog::Context& context) {
  if (!Catalog::has(component.name))
    throw LabError("nothing is called `" + component.name + "`; " + suggestion(component.name, Catalog::names()));
  Diagnostics diagnostics;
  auto chosen = Catalog::configure(component.name, component.options, diagnostics);
  if (diagnostics.empty()) chosen.check(context, diagnostics);
  if (!diagnostics.empty()) throw LabError(diagnostics.text(component.name, {}));
  return chosen;
}

}  // namespace conclave::lab
