// Causal order: a message is handed over after all messages to the same receiver that its sender knew of when it sent
// it, by whomever they were sent, to one receiver or to many. Raynal, Schiper, Toueg, "The Causal Ordering Abstraction
// and a Simple Way to Implement It", Information Processing Letters 39, 1991.
//
//        A ------ m1 (slow) -------------------> C      m1 happened before m3, by way of B: C must get m1 first.
//        A -- m2 --> B -- m3 --> C                      Numbers of each pair alone cannot tell: A and B each send C
//        one.
//
// Everybody counts how many messages each has sent to each, as far as it knows: sent[k, j]. A message carries its
// sender's counts, itself included. Who receives it hands it over
//
//   when it is the next of its sender                 sent[i, j] = had[i] + 1
//   and no message that it depends on is missing      sent[k, j] <= had[k] for all k
//
// and then knows what its sender knew. The dependencies so are transitive, and each receiver looks only at the column
// of what was sent to itself.
//
// What is promised: causal order and no duplicates, between agents that have this layer, do not lie, and keep their
// memory. Nothing may get lost: use it inside of `exactly_once`. What that gives up is declared gone (a message without
// body), again and again until the receiver has it, for everything that depends on it would wait for ever.
// Not promised: liveness with liars. A single agent that claims counts of messages that were never sent blocks all who
// hear of it; deterministic protocols cannot prevent that (Misra, Kshemkalyani, "Solvability of Byzantine
// Fault-Tolerant Causal Ordering", 2022). What waits is bounded by `buffer`.
//
// A message carries 16 bytes for each pair that has ever talked: n^2 in the worst case. For small groups.

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "core/catalog.hpp"
#include "protocols/delivery/reports.hpp"

namespace conclave {
namespace {

/// How many messages one has sent to another, in the knowledge of somebody.
struct CausalCount {
  AgentId to = kNobody;
  AgentId from = kNobody;
  std::uint64_t count = 0;
  static void fields(auto& self, auto& field) {
    field("to", self.to);
    field("from", self.from);
    field("count", self.count);
  }
  auto pair() const { return std::pair(to, from); }
};

struct CausalEnvelope : RecordOf<CausalEnvelope> {
  static constexpr std::string_view kName = "causal_envelope";
  std::vector<CausalCount> sent;  ///< ascending by (to, from)
  RecordPtr body;                 ///< none: it will never come
  static void fields(auto& self, auto& field) {
    field("sent", self.sent);
    field("body", self.body);
  }
};

/// Counts by pair, as a sorted sequence.
class CausalCounts {
 public:
  std::uint64_t get(AgentId from, AgentId to) const {
    const auto at = find({to, from});
    return at != counts_.end() && at->pair() == std::pair(to, from) ? at->count : 0;
  }
  std::uint64_t add_one(AgentId from, AgentId to) {
    auto at = counts_.begin() + (find({to, from}) - counts_.begin());
    if (at == counts_.end() || at->pair() != std::pair(to, from)) at = counts_.insert(at, {to, from, 0});
    return ++at->count;
  }
  /// The greater of both, for each pair. Requires that `others` is sorted.
  void merge(const std::vector<CausalCount>& others) {
    std::vector<CausalCount> merged;
    merged.reserve(std::max(counts_.size(), others.size()));
    auto own = counts_.begin();
    for (const CausalCount& other : others) {
      while (own != counts_.end() && own->pair() < other.pair()) merged.push_back(*own++);
      const bool both = own != counts_.end() && own->pair() == other.pair();
      merged.push_back(other);
      if (both) merged.back().count = std::max(own->count, other.count), ++own;
    }
    while (own != counts_.end()) merged.push_back(*own++);
    counts_ = std::move(merged);
  }
  const std::vector<CausalCount>& all() const { return counts_; }

 private:
  std::vector<CausalCount>::const_iterator find(std::pair<AgentId, AgentId> pair) const {
    return std::lower_bound(counts_.begin(), counts_.end(), pair,
                            [](const CausalCount& count, const auto& wanted) { return count.pair() < wanted; });
  }
  std::vector<CausalCount> counts_;
};

class Causal final : public Layer {
 public:
  struct Options {
    std::uint32_t buffer = 1024;
    Duration again = std::chrono::seconds(1);
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("buffer", &Options::buffer, "messages that wait for others at most; further ones are thrown away",
                   {.least = 1, .most = 1u << 20})
              .add("again", &Options::again, "time after which it is said again that a message was given up",
                   {.least = Duration(1)});
      return table;
    }
  };
  Causal(const Options& options, const Deployment&)
      : options_(options), high_water_("held for causes", options.buffer) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (std::holds_alternative<Restarted>(input) && !gone_.empty()) out.set_timer(timer(0), options_.again);
    if (!message) return forward(view, input, out);
    if (message->from == view.self) {
      const auto* notice = message->body->as<DeliveryNotice>();
      return notice ? on_notice(view, *notice, out) : forward(view, input, out);
    }
    if (message->body->as<CausalEnvelope>())
      return on_envelope(view, message->from, std::static_pointer_cast<const CausalEnvelope>(message->body), out);
    const auto* bulk = message->body->as<BulkEnvelope>();
    if (bulk && bulk->body) return forward(view, Message{message->from, bulk->body}, out);
    out.emit(refusal(message->from, *message->body, kNoSuchLayer));
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const auto* transfer = std::get_if<Transfer>(&wanted)) return transfer_in_bulk(*transfer, out);
    const auto* send = std::get_if<Send>(&wanted);
    if (!send || to_itself(*send, view.self)) return out.put(wanted);
    send->to.each(view.self, [&](AgentId to, std::uint32_t) { sent_.add_one(view.self, to); });
    CausalEnvelope envelope;
    envelope.sent = std::vector<CausalCount>(sent_.all());
    envelope.body = send->body;
    out.put(Send{send->to, share(std::move(envelope))});
  }

  void on_timer(const View&, TimerKey, Outbox& out) override {
    std::vector<std::pair<AgentId, RecordPtr>> gone;
    gone.swap(gone_);
    for (const auto& [to, envelope] : gone) out.send(to, envelope);
  }

 private:
  using EnvelopePtr = std::shared_ptr<const CausalEnvelope>;
  enum class Turn { now, later, past };

  struct Waiting {
    AgentId from;
    EnvelopePtr envelope;
    Time since;
  };

  void on_envelope(const View& view, AgentId from, const EnvelopePtr& envelope, Outbox& out) {
    if (!std::is_sorted(envelope->sent.begin(), envelope->sent.end(),
                        [](const CausalCount& a, const CausalCount& b) { return a.pair() < b.pair(); }))
      return out.emit(refusal(from, *envelope, "its counts are in no order"));
    const std::uint64_t number = own_number(view.self, from, *envelope);
    const auto same = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& other) {
      return other.from == from && own_number(view.self, from, *other.envelope) == number;
    });
    if (turn_of(view.self, from, *envelope) == Turn::past || same != waiting_.end())
      return out.emit(violation("duplicate", from, had_[from] + 1, number));
    if (turn_of(view.self, from, *envelope) == Turn::now) {
      hand_over(view, {from, envelope, view.now}, out);
      return drain(view, out);
    }
    if (waiting_.size() >= options_.buffer) return out.emit(violation("beyond_window", from, had_[from] + 1, number));
    waiting_.push_back({from, envelope, view.now});
    high_water_.reaches(waiting_.size(), from, out);
    MessageHeld held;
    held.from = from;
    held.expected = had_[from] + 1;
    held.received = number;
    held.position = waiting_.size();
    out.emit(std::move(held));
  }

  /// The number of a message among those of its sender to this agent.
  static std::uint64_t own_number(AgentId self, AgentId from, const CausalEnvelope& envelope) {
    for (const CausalCount& count : envelope.sent)
      if (count.to == self && count.from == from) return count.count;
    return 0;
  }

  Turn turn_of(AgentId self, AgentId from, const CausalEnvelope& envelope) const {
    const auto had = [&](AgentId id) {
      const auto known = had_.find(id);
      return known == had_.end() ? 0 : known->second;
    };
    const std::uint64_t number = own_number(self, from, envelope);
    if (number <= had(from)) return Turn::past;
    bool now = number == had(from) + 1;
    for (const CausalCount& count : envelope.sent)
      now = now && (count.to != self || count.from == from || count.count <= had(count.from));
    return now ? Turn::now : Turn::later;
  }

  void hand_over(const View& view, const Waiting& message, Outbox& out) {
    had_[message.from]++;
    sent_.merge(message.envelope->sent);
    if (message.envelope->body) return forward(view, Message{message.from, message.envelope->body}, out);
    GapSkipped gap;
    gap.from = message.from;
    gap.first = gap.last = had_[message.from];
    gap.reason = "its sender has given it up";
    out.emit(std::move(gap));
  }

  /// Hands over what has waited for this: again from the front after each, until nothing moves.
  void drain(const View& view, Outbox& out) {
    MessagesDrained drained;
    for (std::size_t i = 0; i < waiting_.size();) {
      if (turn_of(view.self, waiting_[i].from, *waiting_[i].envelope) != Turn::now) {
        i++;
        continue;
      }
      const Waiting next = std::move(waiting_[i]);
      waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
      drained.count++;
      drained.waited += view.now - next.since;
      drained.from = next.from;
      hand_over(view, next, out);
      i = 0;
    }
    if (drained.count > 0) out.emit(std::move(drained));
  }

  void on_notice(const View& view, const DeliveryNotice& notice, Outbox& out) {
    const auto* envelope = notice.body->as<CausalEnvelope>();
    if (!envelope) return forward(view, Message{view.self, share(notice)}, out);
    if (notice.state != "delivered") {
      CausalEnvelope gone;
      gone.sent = std::vector<CausalCount>(envelope->sent);
      if (gone_.empty()) out.set_timer(timer(0), options_.again);
      gone_.emplace_back(notice.to, share(std::move(gone)));
    }
    if (envelope->body) forward(view, Message{view.self, unwrapped(notice, envelope->body)}, out);
  }

  const Options options_;
  CausalCounts sent_;
  std::map<AgentId, std::uint64_t> had_;             ///< messages of each that were handed over here
  std::vector<Waiting> waiting_;                     ///< in the order in which they came
  std::vector<std::pair<AgentId, RecordPtr>> gone_;  ///< to be declared gone
  HighWater high_water_;
};

const bool registered = LayerCatalog::add<Causal>(
    {.name = "causal",
     .family = "delivery",
     .summary = "messages after all those that their senders knew of",
     .about =
         "Carries with each message how many messages its sender knows each to have sent to each, and holds back what "
         "depends on a message that has not come yet: the dependencies are transitive, and messages may go to one or "
         "to many. For small groups: n^2 counts in the worst case. It must not lose anything: put it inside of "
         "`exactly_once`.",
     .example = "- { group: peer, count: 5, stack: [exactly_once, causal, traffic], traffic: { answers: 50% } }"});

}  // namespace
}  // namespace conclave
