// Window starvation: grants its senders no credit, so that they have to send it one message at a time, and may run out
// of buffers with what waits.

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"

namespace conclave {
namespace {

class StarveWindow final : public Behaviour {
 public:
  struct Options : MessageOptions {
    static const ParamTable& params() {
      static const auto table = message_params<Options>();
      return table;
    }
  };
  StarveWindow(const Options& options, const Deployment& deployment)
      : Behaviour("starve_window", deployment, options) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    const auto* ack = message ? message->body->as<DeliveryAck>() : nullptr;
    if (!ack || !strikes(view, *ack)) return out.put(wanted);
    DeliveryAck starved = *ack;
    starved.credit = 0;
    inject(out, "granted no credit", *message);
    out.put(with_body(wanted, share(std::move(starved))));
  }
};

const bool registered = BehaviourCatalog::add<StarveWindow>(
    {.name = "starve_window",
     .family = "delivery",
     .summary = "grants its senders no credit",
     .about =
         "Sets the credit in its acknowledgements to nothing. Senders keep one message in flight all the same, as TCP "
         "probes a closed window; the others wait in a buffer of bounded size, and are given up with its reason when "
         "that is full. What is for other receivers is not held up.",
     .example = "- { behaviour: starve_window, agents: \"replica[3]\" }"});

}  // namespace
}  // namespace conclave
