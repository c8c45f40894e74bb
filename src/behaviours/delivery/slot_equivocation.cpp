// Equivocation in one slot: two messages under one number, to the same receiver. Who overwrites what it holds hides the
// lie; who compares has both as evidence.

#include <algorithm>

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"

namespace conclave {
namespace {

class SlotEquivocation final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Options() { probability = Probability::of(0.125); }
    static const ParamTable& params() {
      static const auto table = message_params<Options>();
      return table;
    }
  };
  SlotEquivocation(const Options& options, const Deployment& deployment)
      : Behaviour("slot_equivocation", deployment, options) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    out.put(wanted);
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message) return;
    if (const auto* envelope = message->body->as<DeliveryEnvelope>())
      return lie(view, wanted, *message, *envelope, out);
    if (const auto* envelope = message->body->as<SequencedEnvelope>()) lie(view, wanted, *message, *envelope, out);
  }

 private:
  /// Sends the body of the message before once more, under the number of this one.
  template <class Envelope>
  void lie(const View& view, const Effect& wanted, const Outgoing& message, const Envelope& envelope, Outbox& out) {
    const RecordPtr other = std::exchange(before_, envelope.body);
    if (!other || other == envelope.body || !strikes(view, envelope)) return;
    Envelope second = envelope;
    second.body = other;
    inject(out, "said two things under one number", message);
    out.put(with_body(wanted, share(std::move(second))));
  }

  RecordPtr before_;  ///< body of the last message
};

const bool registered = BehaviourCatalog::add<SlotEquivocation>(
    {.name = "slot_equivocation",
     .family = "delivery",
     .summary = "sends two different messages under one sequence number",
     .about =
         "After a message it sends another body under the same number to the same receivers. Receivers hand one of "
         "them over and report the other as equivocation; which of them comes first is up to the network, so an "
         "agreement on what a liar said takes `bracha` and not a delivery layer.",
     .example = "- { behaviour: slot_equivocation, agents: \"replica[3]\", probability: 20% }"});

}  // namespace
}  // namespace conclave
