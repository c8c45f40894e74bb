// What is told of messages and their delivery: the vocabulary shared by delivery layers, what runs inside them, their
// checkers and their outcome.
//
// Two names of a message must be told apart. The true one is given by who wrote it, inside of all layers, and is what
// checkers go by. The one that a layer gives it (epoch and sequence number) is what the layer goes by, and may be
// wrong: that is what is being checked.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/outbox.hpp"
#include "core/record.hpp"

namespace conclave {

/// The true name of a message. An author that has lost its memory numbers from 1 again, in another life: the time of
/// its start in nanoseconds.
struct MessageName {
  AgentId author = kNobody;
  std::uint64_t life = 0;
  std::uint64_t number = 0;
  static void fields(auto& self, auto& field) {
    field("author", self.author);
    field("life", self.life);
    field("number", self.number);
  }
  auto operator<=>(const MessageName&) const = default;
};

/// Receivers of a message as data: one agent, a range or a list.
struct Addressees {
  AgentId first = kNobody;
  std::uint32_t count = 0;
  std::vector<AgentId> list;  ///< instead of the range, if not empty
  static void fields(auto& self, auto& field) {
    field("first", self.first);
    field("count", self.count);
    field("list", self.list);
  }

  static Addressees of(const Recipients& to) {
    if (to.is_one()) return {to.only(), 1, {}};
    if (to.as_list()) return {kNobody, 0, *to.as_list()};
    return {to.as_range().first, to.as_range().count, {}};
  }
  /// Calls visit(receiver) for each but the author, in ascending order.
  template <class Visit>
  void each(AgentId author, Visit&& visit) const {
    if (list.empty()) {
      for (const AgentId to : AgentRange{first, count})
        if (to != author) visit(to);
    } else {
      for (const AgentId to : list)
        if (to != author) visit(to);
    }
  }
  bool contains(AgentId id) const {
    return list.empty() ? AgentRange{first, count}.contains(id) : std::binary_search(list.begin(), list.end(), id);
  }
};

/// The author gives a message to its layers.
struct MessageSubmitted : RecordOf<MessageSubmitted> {
  static constexpr std::string_view kName = "message_submitted";
  std::uint64_t life = 0;
  std::uint64_t number = 0;
  Addressees to;
  std::uint64_t content = 0;       ///< stands for what it says
  std::uint32_t conversation = 0;  ///< within which its author wants order
  std::uint32_t key = 0;           ///< or only among messages of one key
  std::vector<MessageName> requires_before;
  static void fields(auto& self, auto& field) {
    field("life", self.life);
    field("number", self.number);
    field("to", self.to);
    field("content", self.content);
    field("conversation", self.conversation);
    field("key", self.key);
    field("requires", self.requires_before);
  }
};

/// The layers have handed a message over to whom it was for.
struct MessageReceived : RecordOf<MessageReceived> {
  static constexpr std::string_view kName = "message_received";
  static constexpr bool kDecision = true;
  MessageName message;
  std::uint64_t content = 0;
  static void fields(auto& self, auto& field) {
    field("message", self.message);
    field("content", self.content);
  }
};

/// The author has been told what became of the copy for one receiver: what it believes from now on.
struct MessageSettled : RecordOf<MessageSettled> {
  static constexpr std::string_view kName = "message_settled";
  std::uint64_t life = 0;
  std::uint64_t number = 0;
  AgentId to = kNobody;
  std::string state;  ///< delivered, dead_lettered or expired
  std::uint32_t attempts = 0;
  static void fields(auto& self, auto& field) {
    field("life", self.life);
    field("number", self.number);
    field("to", self.to);
    field("state", self.state);
    field("attempts", self.attempts);
  }
};

/// A layer sends a message once more.
struct Retransmitted : RecordOf<Retransmitted> {
  static constexpr std::string_view kName = "retransmitted";
  std::uint64_t token = 0;  ///< of the layer's ledger
  AgentId to = kNobody;
  std::uint32_t attempt = 0;  ///< from 2
  static void fields(auto& self, auto& field) {
    field("token", self.token);
    field("to", self.to);
    field("attempt", self.attempt);
  }
};

/// A layer gives a message up, and says why.
struct DeadLettered : RecordOf<DeadLettered> {
  static constexpr std::string_view kName = "dead_lettered";
  std::uint64_t token = 0;
  AgentId to = kNobody;
  std::string message;  ///< its kind
  std::string state;    ///< dead_lettered or expired
  std::string reason;
  std::uint32_t attempts = 0;
  static void fields(auto& self, auto& field) {
    field("token", self.token);
    field("to", self.to);
    field("message", self.message);
    field("state", self.state);
    field("reason", self.reason);
    field("attempts", self.attempts);
  }
};

/// A message came that does not follow the numbering of its sender.
struct SequenceViolation : RecordOf<SequenceViolation> {
  static constexpr std::string_view kName = "sequence_violation";
  std::string kind;  ///< duplicate, regression, stale_epoch, equivocation, beyond_window
  AgentId from = kNobody;
  std::uint32_t conversation = 0;
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
  static void fields(auto& self, auto& field) {
    field("kind", self.kind);
    field("from", self.from);
    field("conversation", self.conversation);
    field("expected", self.expected);
    field("received", self.received);
  }
};

/// A layer does not take part in something, and says why.
struct DeliveryRefused : RecordOf<DeliveryRefused> {
  static constexpr std::string_view kName = "delivery_refused";
  AgentId from = kNobody;
  std::string message;  ///< its kind
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("from", self.from);
    field("message", self.message);
    field("reason", self.reason);
  }
};

/// A buffer of a layer is fuller than it ever was.
struct BufferLevel : RecordOf<BufferLevel> {
  static constexpr std::string_view kName = "buffer_level";
  std::string buffer;
  AgentId peer = kNobody;
  std::uint64_t level = 0;
  std::uint64_t bound = 0;
  static void fields(auto& self, auto& field) {
    field("buffer", self.buffer);
    field("peer", self.peer);
    field("level", self.level);
    field("bound", self.bound);
  }
};

/// A message came before its turn and waits for it.
struct MessageHeld : RecordOf<MessageHeld> {
  static constexpr std::string_view kName = "message_held";
  AgentId from = kNobody;
  std::uint32_t conversation = 0;
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
  std::uint64_t position = 0;  ///< among those that wait, from 1
  static void fields(auto& self, auto& field) {
    field("from", self.from);
    field("conversation", self.conversation);
    field("expected", self.expected);
    field("received", self.received);
    field("position", self.position);
  }
};

/// Messages that waited have had their turn.
struct MessagesDrained : RecordOf<MessagesDrained> {
  static constexpr std::string_view kName = "messages_drained";
  AgentId from = kNobody;
  std::uint32_t conversation = 0;
  std::uint64_t count = 0;
  Duration waited{};  ///< in all
  static void fields(auto& self, auto& field) {
    field("from", self.from);
    field("conversation", self.conversation);
    field("count", self.count);
    field("waited", self.waited);
  }
};

/// Numbers that will never come are passed over.
struct GapSkipped : RecordOf<GapSkipped> {
  static constexpr std::string_view kName = "gap_skipped";
  AgentId from = kNobody;
  std::uint32_t conversation = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("from", self.from);
    field("conversation", self.conversation);
    field("first", self.first);
    field("last", self.last);
    field("reason", self.reason);
  }
};

}  // namespace conclave
