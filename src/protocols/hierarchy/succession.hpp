// Who stands at the root next. Electors are asked in the order of their ranks: the lowest that lives should lead.
//
//   bully   (Garcia-Molina 1982) ask all who come before me; if none answers I lead, and tell everybody
//   ring    (Chang, Roberts 1979) a token goes round the electors with the best candidate so far; whoever gets its own
//           candidacy back leads. n electors, all calling at once: between 2n - 1 and n (n + 1) / 2 messages, n H(n) on
//           average, before the winner tells the others
//   lease   ask all for a term; a majority leads. An elector that has heard from a root grants nothing to others before
//           that root's lease has run out for certain: L (1 + rho) after what it heard, while the root gives up L (1 -
//           rho) after what it said
//
// Bully and ring believe their failure detector: cut in two, the electors elect two roots. Their terms differ, so that
// whoever hears of both obeys the later one, but until then each has its own. A lease does not allow that.
//
// The terms of an elector are those whose number modulo the electors is its rank, so no two ever have the same one.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "core/params.hpp"
#include "core/protocol.hpp"
#include "protocols/hierarchy/election_messages.hpp"

namespace conclave {

enum class ElectionKind { bully, ring, lease };
template <>
struct Choices<ElectionKind> {
  static constexpr std::pair<ElectionKind, std::string_view> kNames[] = {
      {ElectionKind::bully, "bully"}, {ElectionKind::ring, "ring"}, {ElectionKind::lease, "lease"}};
};

class Succession {
 public:
  struct Rules {
    ElectionKind kind = ElectionKind::lease;
    Duration patience{};  ///< for an answer
    Duration lease{};
    std::uint32_t drift = 10;  ///< rho, in thousandths
  };
  enum Timer : std::uint32_t { kAnswer, kRetry };

  Succession(Rules rules, std::vector<AgentId> electors, std::uint32_t first_timer)
      : rules_(rules), electors_(std::move(electors)), first_timer_(first_timer) {}

  const std::vector<AgentId>& electors() const { return electors_; }
  std::optional<std::uint32_t> rank(AgentId agent) const;
  /// Whose term it is.
  AgentId owner(Epoch epoch) const { return electors_[epoch.term % electors_.size()]; }
  ElectionKind kind() const { return rules_.kind; }
  bool under_way() const { return calling_; }

  /// Nobody leads any more, as far as this elector knows. `known` is the highest epoch that it knows.
  std::optional<Epoch> call(const View& view, Epoch known, Outbox& out);
  /// An epoch if this elector has won by that.
  std::optional<Epoch> hear(const View& view, const Message& message, Epoch known, bool leads, Outbox& out);
  std::optional<Epoch> on_timer(const View& view, TimerKey key, Epoch known, Outbox& out);
  /// Somebody leads: the election is over.
  void settled(Outbox& out);

  /// A root has been heard from: its lease is renewed here.
  void renew(Epoch epoch, Time now);
  /// Until when a root that has said something at these times, and been answered by others, may act. `echoes` are the
  /// latest times that each other elector has confirmed; the root itself counts too.
  Time lease_end(std::vector<Time> echoes, Time now) const;

 private:
  std::uint32_t majority() const { return static_cast<std::uint32_t>(electors_.size()) / 2 + 1; }
  Epoch next_term(const View& view, Epoch known) const;
  TimerKey timer(Timer name) const { return {.name = first_timer_ + name}; }
  std::optional<Epoch> win(const View& view, Outbox& out);
  void pass_on(const View& view, std::uint32_t candidate, Outbox& out);

  const Rules rules_;
  const std::vector<AgentId> electors_;
  const std::uint32_t first_timer_;
  bool calling_ = false;
  bool answered_ = false;  ///< bully: somebody before me lives
  Epoch candidacy_;
  std::set<AgentId> grants_;
  Epoch granted_;                                  ///< the highest term that it has granted or heard from
  Time promised_until_;                            ///< and until when it grants no other
  std::set<std::uint32_t> skipped_;                ///< ring: ranks that did not take the token
  std::optional<std::uint32_t> token_, token_to_;  ///< ring: what was passed on, and to whom
};

}  // namespace conclave
