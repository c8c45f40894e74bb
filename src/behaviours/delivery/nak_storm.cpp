// NAK storm: asks again and again for messages that it has, so that its senders send them again. Every answer is longer
// than the question: an amplifier, if senders do not limit what they repeat.

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"

namespace conclave {
namespace {

class NakStorm final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::uint32_t naks = 10;
    static const ParamTable& params() {
      static const auto table = message_params<Options>().add(
          "naks", &Options::naks, "questions for each message that it gets", {.least = 1, .most = 10'000});
      return table;
    }
  };
  NakStorm(const Options& options, const Deployment& deployment)
      : Behaviour("nak_storm", deployment, options), naks_(options.naks) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    forward(view, input, out);
    const auto* message = std::get_if<Message>(&input);
    const auto* envelope = message ? message->body->as<SequencedEnvelope>() : nullptr;
    if (!envelope || !strikes(view, *envelope)) return;
    inject(out, "asked for what it has", message->body->type->name, message->from, naks_);
    SequencedNak nak;
    nak.epoch = envelope->epoch;
    nak.lane = envelope->lane;
    nak.first = 1;
    nak.last = envelope->sequence;
    const auto question = share(std::move(nak));
    for (std::uint32_t i = 0; i < naks_; i++) out.send(message->from, question);
  }

 private:
  const std::uint32_t naks_;
};

const bool registered = BehaviourCatalog::add<NakStorm>(
    {.name = "nak_storm",
     .family = "delivery",
     .summary = "asks again and again for messages that it has",
     .about =
         "For each message of the layers `fifo` and `per_key` it asks `naks` times for all that came before. Honest "
         "senders answer each receiver with so many messages within their patience and no more. Where a reliable "
         "layer is outside of those, the questions have no envelope and are refused.",
     .example = "- { behaviour: nak_storm, agents: \"replica[3]\", naks: 20 }"});

}  // namespace
}  // namespace conclave
