// One event as it stands in a trace.
#pragma once

#include <compare>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/event.hpp"
#include "core/roster.hpp"

namespace conclave {

/// Names one message of a run: a broadcast is one message with many arrivals.
struct MessageId {
  AgentId sender{};
  std::uint64_t number = 0;  ///< the sender's own

  auto operator<=>(const MessageId&) const = default;
};

struct TraceEvent {
  Time time;
  AgentId agent{};
  std::uint64_t number = 0;  ///< of this agent's events
  EventKind kind{};
  AgentId peer = kNobody;  ///< sent: the receiver, or kNobody for many; delivered and dropped: the sender
  MessageId message;       ///< sent, delivered and dropped
  std::string subject;     ///< the message's kind or the emitted record's name; else empty
  nlohmann::json fields;   ///< the whole line

  /// Whether it is the end of a message's way, at its receiver or before.
  bool arrival() const { return kind == EventKind::delivered || kind == EventKind::dropped; }
};

/// Makes sense of a line; agents must be of the roster. Throws std::runtime_error that says what is wrong.
TraceEvent parse_trace_event(std::string_view line, const Roster& roster);

/// A few words for a label, never empty: `prepare` for a delivery, `send prepare`, `timer 2`.
std::string title(const TraceEvent& event);

/// `text` with control characters written as \u00XX; `unnamed` when empty. Viewers stumble over both.
std::string printable(std::string_view text);

}  // namespace conclave
