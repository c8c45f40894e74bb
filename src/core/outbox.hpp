// What a step wants done: a list of effects, in order. Effects are data: the driver executes them, a layer may rewrite
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/random.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

/// Receivers of one message: one agent (the sender itself if it likes), or a range or a list, of which the sender is
/// left out.
class Recipients {
 public:
  static Recipients one(AgentId to) { return Recipients({to, 1}, nullptr, true); }
  static Recipients range(AgentRange agents) { return Recipients(agents, nullptr, false); }
  /// Requires ascending order without repetition.
  static Recipients list(std::vector<AgentId> agents) {
    return Recipients({}, std::make_shared<const std::vector<AgentId>>(std::move(agents)), false);
  }

  bool is_one() const { return one_; }
  /// The single receiver. Requires is_one().
  AgentId only() const { return range_.first; }

  /// Calls visit(receiver, rank) for each receiver of a message from `sender`, in ascending order; ranks count from 0.
  template <class Visit>
  void each(AgentId sender, Visit&& visit) const {
    if (is_one()) return visit(range_.first, 0u);
    std::uint32_t rank = 0;
    if (list_) {
      for (const AgentId to : *list_)
        if (to != sender) visit(to, rank++);
    } else {
      for (const AgentId to : range_)
        if (to != sender) visit(to, rank++);
    }
  }
  /// How many receivers a message from `sender` has.
  std::uint32_t count(AgentId sender) const {
    if (is_one()) return 1;
    if (!list_) return range_.count - (range_.contains(sender) ? 1 : 0);
    std::uint32_t total = 0;
    for (const AgentId to : *list_) total += to != sender;
    return total;
  }
  /// The list, or nullptr when the receivers are a range.
  const std::shared_ptr<const std::vector<AgentId>>& as_list() const { return list_; }
  AgentRange as_range() const { return range_; }
  /// Of the receivers' names: equal for equal lists.
  std::uint64_t hash() const {
    std::uint64_t hash = mix(static_cast<std::uint64_t>(index(range_.first)) << 32 | range_.count);
    if (list_)
      for (const AgentId to : *list_) hash = mix(hash + index(to));
    return hash;
  }

 private:
  Recipients(AgentRange range, std::shared_ptr<const std::vector<AgentId>> list, bool one)
      : range_(range), list_(std::move(list)), one_(one) {}
  AgentRange range_;
  std::shared_ptr<const std::vector<AgentId>> list_;
  bool one_;
};

/// One message to one or many: one effect and one body however many receive it.
struct Send {
  Recipients to;
  RecordPtr body;
};
struct SetTimer {
  TimerKey key;
  Duration after;
};
struct CancelTimer {
  TimerKey key;
};
/// Work on the agent's host, shared with the other agents there. Ends in a WorkFinished input.
struct Compute {
  WorkKey key;
  std::uint64_t flops;
};
/// Bulk data through the fluid network. The body arrives as a Message when the last byte has; the sender gets
/// WorkFinished.
struct Transfer {
  WorkKey key;
  AgentId to;
  std::uint64_t bytes;
  RecordPtr body;
};
/// Something that checkers, metrics and the trace should know: a proposal, a decision, an accusation.
struct Emit {
  RecordPtr event;
};

using Effect = std::variant<Send, SetTimer, CancelTimer, Compute, Transfer, Emit>;

/// Effects that one step may have: far above any honest protocol, so that a runaway one is stopped with a message.
inline constexpr std::size_t kEffectsPerStepMax = 1u << 22;

class Outbox {
 public:
  void send(AgentId to, RecordPtr body) { put(Send{Recipients::one(to), std::move(body)}); }
  /// To every agent of the range but the sender.
  void broadcast(AgentRange to, RecordPtr body) { put(Send{Recipients::range(to), std::move(body)}); }
  /// To every agent of the list but the sender. Requires ascending order without repetition.
  void multicast(std::vector<AgentId> to, RecordPtr body) {
    put(Send{Recipients::list(std::move(to)), std::move(body)});
  }
  /// Replaces a pending timer of the same key.
  void set_timer(TimerKey key, Duration after) { put(SetTimer{key, after}); }
  /// Does nothing if no such timer is pending.
  void cancel_timer(TimerKey key) { put(CancelTimer{key}); }
  void compute(WorkKey key, std::uint64_t flops) { put(Compute{key, flops}); }
  void transfer(WorkKey key, AgentId to, std::uint64_t bytes, RecordPtr body) {
    put(Transfer{key, to, bytes, std::move(body)});
  }
  template <class Kind>
  void emit(Kind event) {
    put(Emit{share(std::move(event))});
  }

  /// The step takes this much longer, beyond what handling and cryptography cost: its effects come later by it.
  void spend(Duration extra) { spent_ += extra; }
  Duration spent() const { return spent_; }

  void put(Effect effect);
  void clear() {
    effects_.clear();
    spent_ = Duration::zero();
  }
  bool empty() const { return effects_.empty(); }
  const std::vector<Effect>& effects() const { return effects_; }

 private:
  std::vector<Effect> effects_;
  Duration spent_{};
};

}  // namespace conclave
