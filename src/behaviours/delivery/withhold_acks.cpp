// Withheld acknowledgements: takes messages and says nothing. Its senders repeat themselves until they give up.

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"

namespace conclave {
namespace {

class WithholdAcks final : public Behaviour {
 public:
  struct Options : MessageOptions {
    static const ParamTable& params() {
      static const auto table = message_params<Options>();
      return table;
    }
  };
  WithholdAcks(const Options& options, const Deployment& deployment)
      : Behaviour("withhold_acks", deployment, options) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !message->body->as<DeliveryAck>() || !strikes(view, *message->body)) return out.put(wanted);
    inject(out, "withheld an acknowledgement", *message);
  }
};

const bool registered = BehaviourCatalog::add<WithholdAcks>(
    {.name = "withhold_acks",
     .family = "delivery",
     .summary = "takes messages without acknowledging them",
     .about =
         "Hands over what it gets and never says so: senders repeat each message until their attempts, deadline or "
         "retry budget is used up, and believe it lost. What it costs is bounded by those three and by the window.",
     .example = "- { behaviour: withhold_acks, agents: \"replica[3]\" }"});

}  // namespace
}  // namespace conclave
