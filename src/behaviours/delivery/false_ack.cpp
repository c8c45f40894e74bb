// False acknowledgement: says that it has what it throws away. Its senders believe that they were heard.

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"

namespace conclave {
namespace {

class FalseAck final : public Behaviour {
 public:
  struct Options : MessageOptions {
    static const ParamTable& params() {
      static const auto table = message_params<Options>();
      return table;
    }
  };
  FalseAck(const Options& options, const Deployment& deployment) : Behaviour("false_ack", deployment, options) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (std::holds_alternative<Start>(input)) life_ = static_cast<std::uint64_t>(nanoseconds(view.now));
    const auto* message = std::get_if<Message>(&input);
    const auto* envelope = message ? message->body->as<DeliveryEnvelope>() : nullptr;
    if (!envelope || !strikes(view, *message->body)) return forward(view, input, out);
    DeliveryAck ack;
    ack.epoch = envelope->epoch;
    ack.sequence = envelope->sequence;
    ack.attempt = envelope->attempt;
    ack.credit = 65'536;
    ack.receiver = life_;
    inject(out, "acknowledged what it threw away", message->body->type->name, message->from);
    out.send(message->from, share(std::move(ack)));
  }

 private:
  std::uint64_t life_ = 0;
};

const bool registered = BehaviourCatalog::add<FalseAck>(
    {.name = "false_ack",
     .family = "delivery",
     .summary = "acknowledges messages and throws them away",
     .about =
         "Answers each message of a reliable layer with a perfect acknowledgement and never hands it over. No sender "
         "can find out: that an honest receiver has what it acknowledged is all that such layers can promise.",
     .example = "- { behaviour: false_ack, agents: \"replica[3]\", probability: 50% }"});

}  // namespace
}  // namespace conclave
