// What the world may know of a run: one stream of events, ordered by (time, agent, the agent's own event number). The
// trace, the metrics, the fingerprint, the checkers and the outcome all see this stream and nothing else.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/ids.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

enum class EventKind : std::uint8_t {
  started,    ///< the agent has begun
  stopped,    ///< its host was switched off
  restarted,  ///< its host is back
  requested,  ///< the workload asked for something; `message` is the request's number
  sent,       ///< a message left; `record` is its body, `amount` its bytes, `peer` its receiver or kNobody when many
  delivered,  ///< a message was taken up; `peer` sent it, `message` is the sender's number, `amount` the latency in ns
  dropped,    ///< a message will not arrive here; as `delivered`, `amount` is the DropReason
  timer,      ///< a timer fired; `message` is the key's id, `amount` its name
  worked,     ///< a computation or transfer ended; `message` is the key's id, `amount` is 1 if it completed
  emitted,    ///< the protocol says something; `record` is what
};
inline constexpr int kEventKinds = 10;
std::string_view name(EventKind kind);

/// Why a message did not arrive.
enum class DropReason : std::uint8_t {
  host_off,     ///< an end of the link is switched off
  link_off,     ///< a link of the route is
  loss,         ///< a link rule lost it
  partition,    ///< a link rule keeps its two ends apart
  undecodable,  ///< its bytes were no record when the receiver read them
};
inline constexpr int kDropReasons = 5;
std::string_view name(DropReason reason);

/// A set of kinds of events.
class EventKinds {
 public:
  constexpr EventKinds() = default;
  constexpr EventKinds(std::initializer_list<EventKind> kinds) {
    for (const EventKind kind : kinds) bits_ |= bit(kind);
  }
  static constexpr EventKinds all() { return EventKinds((1u << kEventKinds) - 1); }
  constexpr bool contains(EventKind kind) const { return bits_ & bit(kind); }
  constexpr EventKinds operator|(EventKinds other) const { return EventKinds(bits_ | other.bits_); }

 private:
  constexpr explicit EventKinds(std::uint32_t bits) : bits_(bits) {}
  static constexpr std::uint32_t bit(EventKind kind) { return 1u << static_cast<int>(kind); }
  std::uint32_t bits_ = 0;
};

struct Event {
  Time time;
  AgentId agent{};
  std::uint64_t number = 0;  ///< of this agent's events, from 0
  EventKind kind{};
  AgentId peer = kNobody;
  std::uint64_t message = 0;
  std::uint64_t amount = 0;
  Duration held_back{};    ///< of `delivered` and `dropped`: by link rules, part of the latency
  std::uint32_t copy = 0;  ///< of `delivered` and `dropped`: 0 the message itself, more what a link rule added
  const RecordType* type = nullptr;  ///< kind of the message or of the emitted record
  RecordPtr record;
};

/// Receives events in canonical order.
class Observer {
 public:
  virtual ~Observer() = default;
  /// The kinds that it wants: others are not even built.
  virtual EventKinds interests() const = 0;
  virtual void observe(const Event& event) = 0;
};

}  // namespace conclave
