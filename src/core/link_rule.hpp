// What a faulty link does to messages. A rule is a pure function of a message, its receiver and the seed: it keeps no
// state, so a verdict can be had at any time, in any order, on any thread, and had again instead of being stored.
//
// A rule can lose a copy of a message, hold it back, or double it. It can never make it faster: no message arrives
// earlier than the platform allows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/random.hpp"
#include "core/roster.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace conclave {

/// One copy of a message, on its way to one receiver.
struct Envelope {
  AgentId from{};
  AgentId to{};
  std::uint64_t identity = 0;  ///< of the message, among all of the run
  Time departs;                ///< when the step that sent it was done

  /// Of the message with this number of its sender. Requires fewer than 2^40 messages of one sender.
  static std::uint64_t identify(AgentId from, std::uint64_t number) {
    return static_cast<std::uint64_t>(index(from)) << 40 | number;
  }
};

/// What becomes of a copy. Several rules add to one fate.
struct Fate {
  Duration delay{};                  ///< it is held back for so long
  Duration gap{};                    ///< each further copy comes so long after the one before
  std::uint32_t copies = 0;          ///< further ones; a lost message has none
  std::optional<DropReason> lost{};  ///< it never arrives; what delays it says when it would have
};

/// Further copies of one message at most, however many rules double it.
inline constexpr std::uint32_t kCopiesMax = 8;

/// A copy that a rule befalls, and the words to draw from.
struct Befallen {
  std::uint32_t position;  ///< in the envelopes and fates that judge() was given
  Stream draws;            ///< of this rule and this copy; word 0 has been used to choose it
};

class LinkRule {
 public:
  virtual ~LinkRule() = default;

  /// Adds to the fates of those that it befalls. `envelopes` and `fates` are equally long.
  virtual void judge(std::span<const Befallen> befallen, std::span<const Envelope> envelopes,
                     std::span<Fate> fates) const = 0;

  /// True if it can lose messages: such a rule ends at `heal_at`.
  virtual bool loses() const { return false; }
  /// True if it can add copies.
  virtual bool doubles() const { return false; }
  /// Nothing is held back longer.
  virtual Duration longest_delay() const { return {}; }
  /// All but about one copy in a thousand are held back at most so long. The engine finds those in passing and keeps
  /// the others one by one.
  virtual Duration usual_delay() const { return longest_delay(); }
  /// For a rule about the bandwidth of agents' links rather than about messages.
  virtual std::optional<Bandwidth> bandwidth() const { return std::nullopt; }
};

/// Derive rules from EachCopy<Self>, with `void befall(const Envelope&, const Stream& draws, Fate&) const`.
template <class Self>
class EachCopy : public LinkRule {
 public:
  void judge(std::span<const Befallen> befallen, std::span<const Envelope> envelopes,
             std::span<Fate> fates) const final {
    for (const Befallen& each : befallen)
      static_cast<const Self&>(*this).befall(envelopes[each.position], each.draws, fates[each.position]);
  }
};

/// What a rule may know when it is made.
struct LinkContext {
  const Roster& roster;
  Stream draws;  ///< this rule's own
};

}  // namespace conclave
