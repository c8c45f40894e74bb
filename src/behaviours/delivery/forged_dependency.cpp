// Forged dependency: says that its message depends on messages that were never sent. Its receiver waits for them for
// ever.

#include "behaviours/delivery/causal_counts.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

class ForgedDependency final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::uint64_t by = 1;
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("by", &Options::by, "messages that never were, of each sender", {.least = 1});
      return table;
    }
  };
  ForgedDependency(const Options& options, const Deployment& deployment)
      : Behaviour("forged_dependency", deployment, options), by_(options.by) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || message->peer == kNobody || !strikes(view, *message->body)) return out.put(wanted);
    CausalCountsEditor forge;
    forge.about = message->peer;
    forge.not_from = view.self;
    forge.by = by_;
    RecordPtr changed = message->body->type->edit(*message->body, forge);
    if (forge.changes == 0) return out.put(wanted);
    inject(out, "forged dependencies", message->body->type->name, message->peer, forge.changes);
    out.put(with_body(wanted, std::move(changed)));
  }

 private:
  const std::uint64_t by_;
};

const bool registered = BehaviourCatalog::add<ForgedDependency>(
    {.name = "forged_dependency",
     .family = "delivery",
     .summary = "says that its messages depend on messages that were never sent",
     .about =
         "In what the layer `causal` sends to one receiver it raises the counts of messages that others have sent to "
         "that receiver. The receiver waits for messages that never were, with this message and all later ones of "
         "the liar: it harms its own messages, and fills a bounded buffer.",
     .example = "- { behaviour: forged_dependency, agents: \"replica[3]\", probability: 10% }"});

}  // namespace
}  // namespace conclave
