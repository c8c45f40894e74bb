// The one ordered stream of events: fingerprints every event and hands those that somebody wants to its observers.
//
// The fingerprint does not need the stream: each agent has its own hash chain, and the run's fingerprint combines the
// chains. So it is the same with and without a trace, and however the engine interleaves agents.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/event.hpp"
#include "core/hash.hpp"
#include "core/outbox.hpp"

namespace conclave {

/// An agent's part of the fingerprints. Owned by the agent: nothing else writes to it.
struct EventLog {
  Hash128 chain;
  std::uint64_t events = 0;
  Hash128 decisions;  ///< the sum of the hashes of its decisions: which they are and how often, not when
};

/// What link rules did to a message that has ended its way.
struct Injected {
  Duration held_back{};
  std::uint32_t copy = 0;
};

class EventStream {
 public:
  /// Requires that `observer` outlives the stream. All subscriptions come before the first event.
  void subscribe(Observer& observer);

  // One function per kind of event. An agent's events are numbered in the order in which they come. Their times may lie
  // ahead of the engine's clock; a message that is lost while its receiver is busy comes after events of later times.
  void started(EventLog& log, AgentId self, Time time) {
    note(log, {.time = time, .agent = self, .kind = EventKind::started});
  }
  void stopped(EventLog& log, AgentId self, Time time) {
    note(log, {.time = time, .agent = self, .kind = EventKind::stopped});
  }
  void restarted(EventLog& log, AgentId self, Time time) {
    note(log, {.time = time, .agent = self, .kind = EventKind::restarted});
  }
  void requested(EventLog& log, AgentId self, Time time, std::uint64_t number) {
    note(log, {.time = time, .agent = self, .kind = EventKind::requested, .message = number});
  }
  /// `content` is a hash of the body.
  void sent(EventLog& log, AgentId self, Time time, std::uint64_t message, const Recipients& to, std::uint64_t bytes,
            std::uint64_t content, const RecordPtr& body);
  /// `injected` is asked only if somebody wants the event.
  template <class Ask>
  void delivered(EventLog& log, AgentId self, Time time, AgentId from, std::uint64_t message, Duration latency,
                 const RecordType* type, const Ask& injected) {
    extend(log, EventKind::delivered, time, from, message, static_cast<std::uint64_t>(latency.count()));
    if (wanted_.contains(EventKind::delivered)) [[unlikely]] {
      const Injected by_rules = injected();
      keep(log, {.time = time,
                 .agent = self,
                 .kind = EventKind::delivered,
                 .peer = from,
                 .message = message,
                 .amount = static_cast<std::uint64_t>(latency.count()),
                 .held_back = by_rules.held_back,
                 .copy = by_rules.copy,
                 .type = type});
    }
    log.events++;
  }
  template <class Ask>
  void dropped(EventLog& log, AgentId self, Time time, AgentId from, std::uint64_t message, DropReason reason,
               const RecordType* type, const Ask& injected) {
    const Injected by_rules = wanted_.contains(EventKind::dropped) ? injected() : Injected{};
    note(log, {.time = time,
               .agent = self,
               .kind = EventKind::dropped,
               .peer = from,
               .message = message,
               .amount = static_cast<std::uint64_t>(reason),
               .held_back = by_rules.held_back,
               .copy = by_rules.copy,
               .type = type});
  }
  void timer(EventLog& log, AgentId self, Time time, TimerKey key) {
    note(log, {.time = time, .agent = self, .kind = EventKind::timer, .message = key.id, .amount = key.name});
  }
  void worked(EventLog& log, AgentId self, Time time, WorkKey key, bool completed) {
    note(log, {.time = time, .agent = self, .kind = EventKind::worked, .message = key.id, .amount = completed});
  }
  void emitted(EventLog& log, AgentId self, Time time, const RecordPtr& record);

  /// A stream for the agents of another thread: its events join this one's in collect(). Owned by this stream, which
  /// must have all its subscriptions.
  EventStream* another();
  /// Takes over the events of the other streams.
  void collect();

  /// True when enough events wait that settle() is worth a call.
  bool crowded() const { return waiting_.size() >= kWaitingMax; }
  /// Hands all events before `time` to the observers, in canonical order. Requires that no event before `time` will
  /// follow.
  void settle(Time time);

  /// Combines the chains of all agents, in the order of their numbers.
  static Hash128 fingerprint(const std::vector<const EventLog*>& logs);
  /// The same of decisions only: equal for runs in which every agent takes the same decisions, at whatever time and in
  /// whatever order. So it outlives changes of timing.
  static Hash128 decisions_fingerprint(const std::vector<const EventLog*>& logs);

 private:
  /// Events kept back at most before settle() is asked for: enough to amortise sorting, few enough to stay in the
  /// cache.
  static constexpr std::size_t kWaitingMax = 4096;

  static void extend(EventLog& log, EventKind kind, Time time, AgentId peer, std::uint64_t message,
                     std::uint64_t amount) {
    log.chain = chain(log.chain, static_cast<std::uint64_t>(nanoseconds(time)),
                      static_cast<std::uint64_t>(index(peer)) << 8 | static_cast<std::uint64_t>(kind), message, amount);
  }
  /// Where an event waits. Events are large and hold a record: what is sorted is these.
  struct Place {
    Time time;
    AgentId agent;
    std::uint32_t index;  ///< in waiting_, where the events of one agent are in the order of their numbers

    auto operator<=>(const Place&) const = default;
  };

  void note(EventLog& log, Event&& event);
  void keep(const EventLog& log, Event&& event);
  /// Fills places_ in canonical order.
  void sort_places();

  std::array<std::vector<Observer*>, kEventKinds> interested_;  ///< by kind of event
  EventKinds wanted_;
  std::vector<Event> waiting_;
  std::vector<Event> later_;   ///< room for those that go on waiting
  std::vector<Place> places_;  ///< room for sorting
  std::vector<std::unique_ptr<EventStream>> others_;
};

}  // namespace conclave
