// Total order by a sequencer: all messages within a group go by one of its members, who gives them numbers, and
// everybody hands them over in that order. Two agents that get the same two messages get them in the same order.
//
//   author                 sequencer                     receivers
//     |-- request(body) ------>|                            |
//     |                        |-- ordered(g, body) ------->|   g-th of all messages
//
// A receiver gets only what is for it, so its numbers are its own: the sequencer keeps a count for each. That two
// receivers agree follows from the sequencer sending in the order of g to each, and each handing over in the order of
// its own numbers.
//
// What is promised, while the sequencer lives and is honest: total order and no duplicates; that includes first in,
// first out if what is outside keeps requests in order (`fifo`). Nothing may get lost: use it inside of `exactly_once`.
// A sequencer that comes back without its memory begins a new epoch. Not promised: anything when the sequencer is down
// or lies. Total order that survives that is consensus: `pbft`, `raft`.

#include <fmt/core.h>

#include <map>
#include <vector>

#include "core/catalog.hpp"
#include "protocols/delivery/copies.hpp"
#include "protocols/delivery/reports.hpp"

namespace conclave {
namespace {

struct SequencerRequest : RecordOf<SequencerRequest> {
  static constexpr std::string_view kName = "sequencer_request";
  Addressees to;
  RecordPtr body;
  static void fields(auto& self, auto& field) {
    field("to", self.to);
    field("body", self.body);
  }
};

struct OrderedEnvelope : RecordOf<OrderedEnvelope> {
  static constexpr std::string_view kName = "ordered_envelope";
  std::uint64_t epoch = 0;     ///< life of the sequencer
  std::uint64_t sequence = 0;  ///< among those for this receiver
  std::uint64_t position = 0;  ///< among all
  AgentId author = kNobody;
  RecordPtr body;  ///< none: it will never come
  static void fields(auto& self, auto& field) {
    field("epoch", self.epoch);
    field("sequence", self.sequence);
    field("position", self.position);
    field("author", self.author);
    field("body", self.body);
  }
};
using OrderedPtr = std::shared_ptr<const OrderedEnvelope>;

class Sequencer final : public Layer {
 public:
  struct Options {
    std::uint32_t rank = 0;
    std::uint32_t buffer = 65'536;
    Duration again = std::chrono::seconds(1);
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("rank", &Options::rank, "which member of the group gives the numbers, from 0")
              .add("buffer", &Options::buffer, "messages that a receiver holds until their turn", {.least = 1})
              .add("again", &Options::again, "time after which it is said again that a message was given up",
                   {.least = Duration(1)});
      return table;
    }
  };
  Sequencer(const Options& options, const Deployment& deployment)
      : options_(options),
        sequencer_(deployment.group.agents[options.rank]),
        group_(deployment.group.agents),
        high_water_("held in total order", options.buffer) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    const Value* rank = written.find("rank");
    if (options.rank >= deployment.group.agents.count)
      diagnostics.error(rank ? rank->at : written.at,
                        fmt::format("`{}` has no member of rank {}", deployment.group.name, options.rank),
                        fmt::format("expected at most {}", deployment.group.agents.count - 1));
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) epoch_ = static_cast<std::uint64_t>(nanoseconds(view.now));
    if (std::holds_alternative<Restarted>(input) && !gone_.empty()) out.set_timer(timer(0), options_.again);
    const auto* message = std::get_if<Message>(&input);
    if (!message) return forward(view, input, out);
    const Record& body = *message->body;
    if (message->from == view.self) {
      const auto* notice = body.as<DeliveryNotice>();
      return notice ? on_notice(view, *notice, out) : forward(view, input, out);
    }
    const auto* request = body.as<SequencerRequest>();
    if (request && request->body && view.self == sequencer_ && group_.contains(message->from)) {
      order(view, message->from, request->to, request->body, out);
    } else if (body.as<OrderedEnvelope>() && message->from == sequencer_) {
      on_ordered(view, std::static_pointer_cast<const OrderedEnvelope>(message->body), out);
    } else if (const auto* bulk = body.as<BulkEnvelope>(); bulk && bulk->body) {
      forward(view, Message{message->from, bulk->body}, out);
    } else {
      out.emit(refusal(message->from, body, "only the sequencer orders, and only for its group"));
    }
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const auto* transfer = std::get_if<Transfer>(&wanted)) return transfer_in_bulk(*transfer, out);
    const auto* send = std::get_if<Send>(&wanted);
    if (!send || to_itself(*send, view.self)) return out.put(wanted);
    const Addressees to = Addressees::of(send->to);
    if (view.self == sequencer_) return order(view, view.self, to, send->body, out);
    SequencerRequest request;
    request.to = to;
    request.body = send->body;
    out.send(sequencer_, share(std::move(request)));
  }

  void on_timer(const View&, TimerKey, Outbox& out) override {
    std::vector<std::pair<AgentId, RecordPtr>> gone;
    gone.swap(gone_);
    for (const auto& [to, envelope] : gone) out.send(to, envelope);
  }

 private:
  struct Held {
    OrderedPtr envelope;
    Time since;
  };

  /// Gives a message the next number of each of its receivers.
  void order(const View& view, AgentId author, const Addressees& to, const RecordPtr& body, Outbox& out) {
    position_++;
    copies_.clear();
    bool for_itself = false;
    to.each(author, [&](AgentId receiver) {
      if (receiver == view.self) {
        for_itself = true;
      } else if (group_.contains(receiver)) {
        copies_.add(receiver, ++counts_[receiver]);
      }
    });
    const auto wrap = [&](std::uint64_t sequence, AgentId) {
      OrderedEnvelope envelope;
      envelope.epoch = epoch_;
      envelope.sequence = sequence;
      envelope.position = position_;
      envelope.author = author;
      envelope.body = body;
      return share(std::move(envelope));
    };
    copies_.send(Send{Recipients::one(author), body}, false, wrap, out);
    // Its own copy is in order as it is: nothing comes between giving the number and handing over.
    if (for_itself) forward(view, Message{author, body}, out);
  }

  void on_ordered(const View& view, const OrderedPtr& envelope, Outbox& out) {
    if (!started_ || envelope->epoch > order_epoch_) {
      started_ = true;
      order_epoch_ = envelope->epoch;
      expected_ = 1;
      held_.clear();
    }
    const AgentId from = sequencer_;
    if (envelope->epoch < order_epoch_) return out.emit(violation("stale_epoch", from, order_epoch_, envelope->epoch));
    if (envelope->sequence < expected_ || held_.contains(envelope->sequence))
      return out.emit(violation("duplicate", from, expected_, envelope->sequence));
    if (envelope->sequence > expected_ && held_.size() >= options_.buffer)
      return out.emit(violation("beyond_window", from, expected_, envelope->sequence));
    if (envelope->sequence > expected_) {
      MessageHeld held;
      held.from = from;
      held.expected = expected_;
      held.received = envelope->sequence;
      held.position = held_.size() + 1;
      out.emit(std::move(held));
    }
    held_.emplace(envelope->sequence, Held{envelope, view.now});
    if (envelope->sequence > expected_) high_water_.reaches(held_.size(), from, out);
    drain(view, out);
  }

  void drain(const View& view, Outbox& out) {
    MessagesDrained drained;
    while (!held_.empty() && held_.begin()->first == expected_) {
      const Held next = std::move(held_.begin()->second);
      held_.erase(held_.begin());
      expected_++;
      if (view.now > next.since) drained.count++, drained.waited += view.now - next.since;
      if (next.envelope->body) forward(view, Message{next.envelope->author, next.envelope->body}, out);
    }
    if (drained.count == 0) return;
    drained.from = sequencer_;
    out.emit(std::move(drained));
  }

  /// What could not be brought to the sequencer was never ordered: its author is told. What the sequencer could not
  /// bring to a receiver leaves a hole there, which is declared.
  void on_notice(const View& view, const DeliveryNotice& notice, Outbox& out) {
    const bool lost = notice.state != "delivered";
    if (const auto* request = notice.body->as<SequencerRequest>()) {
      request->to.each(view.self, [&](AgentId to) {
        DeliveryNotice own = notice;
        own.to = to;
        own.body = request->body;
        if (lost) forward(view, Message{view.self, share(std::move(own))}, out);
      });
    } else if (const auto* envelope = notice.body->as<OrderedEnvelope>()) {
      if (!lost) return;
      OrderedEnvelope gone = *envelope;
      gone.body = nullptr;
      if (gone_.empty()) out.set_timer(timer(0), options_.again);
      gone_.emplace_back(notice.to, share(std::move(gone)));
    } else {
      forward(view, Message{view.self, share(notice)}, out);
    }
  }

  const Options options_;
  const AgentId sequencer_;
  const AgentRange group_;
  std::uint64_t epoch_ = 0;
  // Of the sequencer.
  std::uint64_t position_ = 0;
  std::map<AgentId, std::uint64_t> counts_;
  Copies<std::uint64_t> copies_;
  // Of a receiver.
  bool started_ = false;
  std::uint64_t order_epoch_ = 0;
  std::uint64_t expected_ = 1;
  std::map<std::uint64_t, Held> held_;
  std::vector<std::pair<AgentId, RecordPtr>> gone_;  ///< to be declared gone
  HighWater high_water_;
};

const bool registered = LayerCatalog::add<Sequencer>(
    {.name = "sequencer",
     .family = "delivery",
     .summary = "all messages of a group in one order, given by one of its members",
     .about =
         "Every message within the group takes the way by the member of `rank`, which gives it its number; all hand "
         "over in that order. Cheap and without fault tolerance: where the sequencer may fail, use consensus. "
         "Messages to other groups are not carried. Use it inside of `exactly_once`.",
     .example = "- { group: peer, count: 5, stack: [exactly_once, sequencer, traffic], traffic: { pattern: all } }"});

}  // namespace
}  // namespace conclave
