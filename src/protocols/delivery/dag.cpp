// Order by dependencies: a message is handed over after those that it names as required, and waits for no others. The
// most partial of the orders: where most messages are independent, a lost one holds up only what needs it.
//
// A message names earlier ones of its author by their true names. The layer numbers messages to each receiver, and
// translates: what was not for this receiver is none of its business, and what is too long ago to be remembered by name
// (`history`) becomes "everything up to there", so that a dependency is never dropped.
//
//   sender                                               receiver
//     |-- 1 ------X                                         |
//     |-- 2, requires 1 ----------------------------------->|  held: 1 is missing
//     |-- 3 ----------------------------------------------->|  handed over: it needs nothing
//     |-- 1 again, by the reliable layer outside ---------->|  handed over, and 2 after it
//
// Nothing may get lost: use it inside of `exactly_once`. What that gives up is declared gone, as in `causal`.

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "core/catalog.hpp"
#include "protocols/delivery/copies.hpp"
#include "protocols/delivery/dedup_window.hpp"
#include "protocols/delivery/label.hpp"
#include "protocols/delivery/reports.hpp"

namespace conclave {
namespace {

/// Numbers beyond the low watermark that a receiver tells apart.
constexpr std::uint32_t kWindow = 65'536;

struct DagEnvelope : RecordOf<DagEnvelope> {
  static constexpr std::string_view kName = "dag_envelope";
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  std::uint64_t all_up_to = 0;                 ///< everything up to here is required
  std::vector<std::uint64_t> requires_before;  ///< and these
  RecordPtr body;                              ///< none: it will never come
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("sequence", self.sequence);
    field("all_up_to", self.all_up_to);
    field("requires", self.requires_before);
    field("body", self.body);
  }
};
using DagEnvelopePtr = std::shared_ptr<const DagEnvelope>;

class Dag final : public Layer {
 public:
  struct Options {
    std::uint32_t buffer = 1024;
    std::uint32_t history = 256;
    Duration again = std::chrono::seconds(1);
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("buffer", &Options::buffer,
                   "messages of one sender that wait for others; further ones are thrown away",
                   {.least = 1, .most = 1u << 20})
              .add("history", &Options::history, "messages to each receiver that a sender remembers by name",
                   {.least = 1})
              .add("again", &Options::again, "time after which it is said again that a message was given up",
                   {.least = Duration(1)});
      return table;
    }
  };
  Dag(const Options& options, const Deployment&)
      : options_(options), high_water_("held for requirements", options.buffer) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) epoch_ = static_cast<std::uint64_t>(nanoseconds(view.now));
    if (std::holds_alternative<Restarted>(input) && !gone_.empty()) out.set_timer(timer(0), options_.again);
    const auto* message = std::get_if<Message>(&input);
    if (!message) return forward(view, input, out);
    if (message->from == view.self) {
      const auto* notice = message->body->as<DeliveryNotice>();
      return notice ? on_notice(view, *notice, out) : forward(view, input, out);
    }
    if (message->body->as<DagEnvelope>())
      return on_envelope(view, message->from, std::static_pointer_cast<const DagEnvelope>(message->body), out);
    const auto* bulk = message->body->as<BulkEnvelope>();
    if (bulk && bulk->body) return forward(view, Message{message->from, bulk->body}, out);
    out.emit(refusal(message->from, *message->body, kNoSuchLayer));
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const auto* transfer = std::get_if<Transfer>(&wanted)) return transfer_in_bulk(*transfer, out);
    const auto* send = std::get_if<Send>(&wanted);
    if (!send || to_itself(*send, view.self)) return out.put(wanted);
    const auto* item = send->body->as<TrafficItem>();
    copies_.clear();
    send->to.each(view.self, [&](AgentId to, std::uint32_t) { copies_.add(to, number(view.self, to, item)); });
    const auto wrap = [&](const Key& key, AgentId) {
      DagEnvelope envelope;
      envelope.epoch = epoch_;
      envelope.sequence = key.sequence;
      envelope.all_up_to = key.all_up_to;
      envelope.requires_before = key.requires_before;
      envelope.body = send->body;
      return share(std::move(envelope));
    };
    copies_.send(*send, true, wrap, out);
  }

  void on_timer(const View&, TimerKey, Outbox& out) override {
    std::vector<std::pair<AgentId, RecordPtr>> gone;
    gone.swap(gone_);
    for (const auto& [to, envelope] : gone) out.send(to, envelope);
  }

 private:
  /// What the copies of one message differ in.
  struct Key {
    std::uint64_t sequence = 0;
    std::uint64_t all_up_to = 0;
    std::vector<std::uint64_t> requires_before;
    auto operator<=>(const Key&) const = default;
  };
  struct Outgoing {
    std::uint64_t last = 0;
    std::map<MessageName, std::uint64_t> named;  ///< the latest messages
    std::uint64_t forgotten = 0;                 ///< the last number that is not in `named` any more
  };
  struct Waiting {
    DagEnvelopePtr envelope;
    Time since;
  };
  struct Incoming {
    std::uint64_t epoch = 0;
    DedupWindow had{kWindow};  ///< handed over
    std::map<std::uint64_t, Waiting> waiting;
  };

  /// Numbers a message for one receiver, and says what it requires by number.
  Key number(AgentId self, AgentId to, const TrafficItem* item) {
    Outgoing& stream = outgoing_[to];
    Key key{.sequence = ++stream.last, .all_up_to = 0, .requires_before = {}};
    if (!item) {  // without a label it is ordered after everything, rather than not at all
      key.all_up_to = key.sequence - 1;
      return key;
    }
    for (const MessageName& required : item->requires_before) {
      const auto known = stream.named.find(required);
      if (known != stream.named.end()) {
        key.requires_before.push_back(known->second);
      } else {
        key.all_up_to = stream.forgotten;
      }
    }
    stream.named.emplace(MessageName{self, item->life, item->number}, key.sequence);
    if (stream.named.size() > options_.history) {
      stream.forgotten = stream.named.begin()->second;
      stream.named.erase(stream.named.begin());
    }
    return key;
  }

  void on_envelope(const View& view, AgentId from, const DagEnvelopePtr& envelope, Outbox& out) {
    const auto [known, fresh] = incoming_.try_emplace(from);
    Incoming& stream = known->second;
    if (!fresh && envelope->epoch < stream.epoch)
      return out.emit(violation("stale_epoch", from, stream.epoch, envelope->epoch));
    if (fresh || envelope->epoch > stream.epoch) stream = Incoming{.epoch = envelope->epoch, .waiting = {}};
    const std::uint64_t next = stream.had.low() + 1;
    const auto judged = stream.had.judge(envelope->sequence);
    const bool waits = stream.waiting.contains(envelope->sequence);
    if (judged == DedupWindow::Verdict::duplicate || waits)
      return out.emit(violation("duplicate", from, next, envelope->sequence));
    if (judged == DedupWindow::Verdict::beyond || stream.waiting.size() >= options_.buffer)
      return out.emit(violation("beyond_window", from, next, envelope->sequence));
    if (!ready(stream, *envelope)) {
      stream.waiting.emplace(envelope->sequence, Waiting{envelope, view.now});
      high_water_.reaches(stream.waiting.size(), from, out);
      MessageHeld held;
      held.from = from;
      held.expected = next;
      held.received = envelope->sequence;
      held.position = stream.waiting.size();
      return out.emit(std::move(held));
    }
    hand_over(view, from, stream, *envelope, out);
    drain(view, from, stream, out);
  }

  static bool ready(const Incoming& stream, const DagEnvelope& envelope) {
    return stream.had.low() >= envelope.all_up_to &&
           std::all_of(envelope.requires_before.begin(), envelope.requires_before.end(), [&](std::uint64_t required) {
             return stream.had.judge(required) == DedupWindow::Verdict::duplicate;
           });
  }

  void hand_over(const View& view, AgentId from, Incoming& stream, const DagEnvelope& envelope, Outbox& out) {
    stream.had.mark(envelope.sequence);
    if (envelope.body) return forward(view, Message{from, envelope.body}, out);
    GapSkipped gap;
    gap.from = from;
    gap.first = gap.last = envelope.sequence;
    gap.reason = "its sender has given it up";
    out.emit(std::move(gap));
  }

  /// Hands over what has waited for this. Requirements point backwards, so what becomes ready is ahead of what made it
  /// so.
  void drain(const View& view, AgentId from, Incoming& stream, Outbox& out) {
    MessagesDrained drained;
    for (auto next = stream.waiting.begin(); next != stream.waiting.end();) {
      if (!ready(stream, *next->second.envelope)) {
        ++next;
        continue;
      }
      const Waiting message = std::move(next->second);
      next = stream.waiting.erase(next);
      drained.count++;
      drained.waited += view.now - message.since;
      hand_over(view, from, stream, *message.envelope, out);
    }
    if (drained.count == 0) return;
    drained.from = from;
    out.emit(std::move(drained));
  }

  void on_notice(const View& view, const DeliveryNotice& notice, Outbox& out) {
    const auto* envelope = notice.body->as<DagEnvelope>();
    if (!envelope) return forward(view, Message{view.self, share(notice)}, out);
    if (notice.state != "delivered") {
      DagEnvelope gone;
      gone.epoch = envelope->epoch;
      gone.sequence = envelope->sequence;
      if (gone_.empty()) out.set_timer(timer(0), options_.again);
      gone_.emplace_back(notice.to, share(std::move(gone)));
    }
    if (envelope->body) forward(view, Message{view.self, unwrapped(notice, envelope->body)}, out);
  }

  const Options options_;
  std::uint64_t epoch_ = 0;
  std::map<AgentId, Outgoing> outgoing_;
  std::map<AgentId, Incoming> incoming_;
  std::vector<std::pair<AgentId, RecordPtr>> gone_;  ///< to be declared gone
  Copies<Key> copies_;
  HighWater high_water_;
};

const bool registered = LayerCatalog::add<Dag>(
    {.name = "dag",
     .family = "delivery",
     .summary = "messages after those that they name as required",
     .about =
         "Holds a message back until what it requires has been handed over; messages that require nothing wait for "
         "nothing. Messages without a label require everything before them. Use it inside of `exactly_once`.",
     .example = "- { group: peer, count: 4, stack: [exactly_once, dag, traffic], traffic: { requires: 50% } }"});

}  // namespace
}  // namespace conclave
