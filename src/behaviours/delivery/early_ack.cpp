// Early acknowledgement: acknowledges at once and looks at the message later. What it has not looked at when it crashes
// is lost, although its sender believes that it was delivered: the fault of every queue that answers before it writes.

#include <map>

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"

namespace conclave {
namespace {

/// Messages that one agent puts off at most. Beyond, it looks at them at once.
constexpr std::size_t kPutOffMax = 65'536;

class EarlyAck final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Duration by = std::chrono::milliseconds(100);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("by", &Options::by, "how much later it looks at them", {.least = Duration(1)});
      return table;
    }
  };
  EarlyAck(const Options& options, const Deployment& deployment)
      : Behaviour("early_ack", deployment, options), by_(options.by) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) life_ = static_cast<std::uint64_t>(nanoseconds(view.now));
    if (std::holds_alternative<Restarted>(input)) put_off_.clear();  // never written down
    const auto* message = std::get_if<Message>(&input);
    const auto* envelope = message ? message->body->as<DeliveryEnvelope>() : nullptr;
    if (!envelope || put_off_.size() >= kPutOffMax || !strikes(view, *message->body)) return forward(view, input, out);
    DeliveryAck ack;
    ack.epoch = envelope->epoch;
    ack.sequence = envelope->sequence;
    ack.attempt = envelope->attempt;
    ack.credit = 65'536;
    ack.receiver = life_;
    inject(out, "acknowledged before looking", message->body->type->name, message->from);
    out.send(message->from, share(std::move(ack)));
    put_off_.emplace(next_, std::pair(message->from, message->body));
    out.set_timer(timer(0, next_++), by_);
  }

  void on_timer(const View& view, TimerKey key, Outbox& out) override {
    const auto late = put_off_.find(key.id);
    if (late == put_off_.end()) return;
    const auto [from, body] = late->second;
    put_off_.erase(late);
    forward(view, Message{from, body}, out);
  }

 private:
  const Duration by_;
  std::uint64_t life_ = 0;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, std::pair<AgentId, RecordPtr>> put_off_;
};

const bool registered = BehaviourCatalog::add<EarlyAck>(
    {.name = "early_ack",
     .family = "delivery",
     .summary = "acknowledges messages before it has looked at them",
     .about =
         "Acknowledges each message of a reliable layer at once and hands it to its protocol `by` later. If its host "
         "goes off in between, the message is lost for good, and its sender believes that it was delivered.",
     .example = "- { behaviour: early_ack, agents: \"replica[3]\", by: 200ms }"});

}  // namespace
}  // namespace conclave
