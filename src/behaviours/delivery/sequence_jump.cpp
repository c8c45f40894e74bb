// Sequence jump: leaves out numbers that it never fills. A receiver that waits for all of them waits for ever, and one
// that remembers whatever it is shown runs out of memory.

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"
#include "core/field_editor.hpp"

namespace conclave {
namespace {

class SequenceJump final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::uint64_t by = 1000;
    Options() { probability = Probability::of(0.125); }
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("by", &Options::by, "numbers that it leaves out", {.least = 1});
      return table;
    }
  };
  SequenceJump(const Options& options, const Deployment& deployment)
      : Behaviour("sequence_jump", deployment, options), by_(options.by) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    const bool numbered = message && (message->body->as<DeliveryEnvelope>() || message->body->as<SequencedEnvelope>());
    if (!numbered || !strikes(view, *message->body)) return out.put(wanted);
    Jump jump;
    jump.by = by_;
    RecordPtr changed = message->body->type->edit(*message->body, jump);
    if (jump.jumps == 0) return out.put(wanted);
    inject(out, "left out numbers", message->body->type->name, message->peer, by_);
    out.put(with_body(wanted, std::move(changed)));
  }

 private:
  struct Jump final : FieldEditor {
    void number(std::string_view name, std::uint64_t& value) override {
      if (name == "sequence") value += by, jumps++;
    }
    bool enters(const Record& inside) override { return inside.as<SequencedEnvelope>(); }
    std::uint64_t by = 0;
    std::uint64_t jumps = 0;
  };

  const std::uint64_t by_;
};

const bool registered = BehaviourCatalog::add<SequenceJump>(
    {.name = "sequence_jump",
     .family = "delivery",
     .summary = "leaves out sequence numbers that it never fills",
     .about =
         "Adds `by` to the sequence number of messages that it strikes, in the envelopes of whatever delivery layers "
         "it has. Receivers refuse what is beyond their window, hold the rest within their buffer, ask for the gap "
         "in vain and pass it over: the liar harms its own messages only.",
     .example = "- { behaviour: sequence_jump, agents: \"replica[3]\", by: 5000, probability: 10% }"});

}  // namespace
}  // namespace conclave
