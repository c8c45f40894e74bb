// At most once: messages are numbered, sent once, and copies of them that the network makes are thrown away. What is
// lost stays lost, and nobody is told.
//
// The receiver remembers the last `window` numbers of each sender. What comes later than that cannot be known again, so
// it is thrown away as well: as IPsec's window against replays does (RFC 4303, section 3.4.3).

#include <map>

#include "core/catalog.hpp"
#include "core/delivery_events.hpp"
#include "protocols/delivery/copies.hpp"
#include "protocols/delivery/dedup_window.hpp"
#include "protocols/delivery/reports.hpp"

namespace conclave {
namespace {

class AtMostOnce final : public Layer {
 public:
  struct Options {
    std::uint32_t window = 1024;
    static const ParamTable& params() {
      static const auto table = Params<Options>().add(
          "window", &Options::window, "numbers of one sender that a receiver remembers", {.least = 1, .most = 65'536});
      return table;
    }
  };
  AtMostOnce(const Options& options, const Deployment&) : window_(options.window) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) epoch_ = static_cast<std::uint64_t>(nanoseconds(view.now));
    const auto* message = std::get_if<Message>(&input);
    if (!message || message->from == view.self) return forward(view, input, out);
    if (const auto* bulk = message->body->as<BulkEnvelope>(); bulk && bulk->body)
      return forward(view, Message{message->from, bulk->body}, out);
    const auto* envelope = message->body->as<DeliveryEnvelope>();
    if (envelope && envelope->body && envelope->sequence > 0) return on_envelope(view, message->from, *envelope, out);
    out.emit(refusal(message->from, *message->body, kNoSuchLayer));
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (const auto* transfer = std::get_if<Transfer>(&wanted)) return transfer_in_bulk(*transfer, out);
    const auto* send = std::get_if<Send>(&wanted);
    if (!send || to_itself(*send, view.self)) return out.put(wanted);
    copies_.clear();
    send->to.each(view.self, [&](AgentId to, std::uint32_t) { copies_.add(to, ++sent_[to]); });
    const auto wrap = [&](std::uint64_t sequence, AgentId) {
      DeliveryEnvelope envelope;
      envelope.epoch = epoch_;
      envelope.sequence = sequence;
      envelope.attempt = 1;
      envelope.body = send->body;
      return share(std::move(envelope));
    };
    copies_.send(*send, true, wrap, out);
  }

 private:
  struct Incoming {
    std::uint64_t epoch = 0;
    DedupWindow window;
  };

  void on_envelope(const View& view, AgentId from, const DeliveryEnvelope& envelope, Outbox& out) {
    Incoming& incoming = incoming_.try_emplace(from, Incoming{envelope.epoch, DedupWindow(window_)}).first->second;
    if (envelope.epoch < incoming.epoch)
      return out.emit(violation("stale_epoch", from, incoming.epoch, envelope.epoch));
    if (envelope.epoch > incoming.epoch) incoming = Incoming{envelope.epoch, DedupWindow(window_)};
    if (envelope.sequence > window_) incoming.window.raise(envelope.sequence - window_);
    if (incoming.window.judge(envelope.sequence) != DedupWindow::Verdict::fresh)
      return out.emit(violation("duplicate", from, incoming.window.low() + 1, envelope.sequence));
    incoming.window.mark(envelope.sequence);
    forward(view, Message{from, envelope.body}, out);
  }

  const std::uint32_t window_;
  std::uint64_t epoch_ = 0;
  std::map<AgentId, std::uint64_t> sent_;
  std::map<AgentId, Incoming> incoming_;
  Copies<std::uint64_t> copies_;
};

const bool registered = LayerCatalog::add<AtMostOnce>(
    {.name = "at_most_once",
     .family = "delivery",
     .summary = "messages are sent once, and copies that the network makes are thrown away",
     .about = "Numbers each message and throws away what has been had or is too old to tell. No acknowledgement, no "
              "repetition: what the network loses is lost.",
     .example = "- { group: replica, count: 4, stack: [at_most_once, pbft] }"});

}  // namespace
}  // namespace conclave
