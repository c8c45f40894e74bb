// Forge signature: passes its messages off as another agent's. Wherever a message names its sender, it names the victim
// instead, and its signature claims to be the victim's. It has no key but its own, so that is what the signature was
// made with: whoever verifies must find out.

#include "core/behaviour.hpp"

namespace conclave {
namespace {

class ForgeSignature final : public Behaviour {
 public:
  struct Options : MessageOptions {
    static const ParamTable& params() {
      static const auto table = message_params<Options>();
      return table;
    }
  };
  ForgeSignature(const Options& options, const Deployment& deployment)
      : Behaviour("forge_signature", deployment, options) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !strikes(view, *message->body)) return out.put(wanted);
    const AgentId victim = draw_other(view);
    RecordPtr forged = forge(view, *message->body, victim);
    if (victim == view.self || !forged) return out.put(wanted);
    inject(out, "forged", message->body->type->name, victim, message->count);
    out.put(with_body(wanted, std::move(forged)));
  }

 private:
  /// Puts the victim's name in the place of one's own, in fields and in signatures.
  struct Rename final : FieldEditor {
    Rename(AgentId me, AgentId other) : self(me), victim(other) {}
    void agent(std::string_view, AgentId& value) override { rename(value); }
    void own_signature(std::string_view, Signature& value) override { rename(value.signer); }
    void rename(AgentId& name) {
      if (name != self) return;
      name = victim;
      renamed = true;
    }
    const AgentId self;
    const AgentId victim;
    bool renamed = false;
  };

  /// Null when the message does not say who it is from.
  static RecordPtr forge(const View& view, const Record& message, AgentId victim) {
    Rename names(view.self, victim);
    const RecordPtr renamed = message.type->edit(message, names);
    if (!names.renamed) return nullptr;
    // The best that it can do: its own key over the false content, under the victim's name.
    Rename signer(view.self, victim);
    const RecordPtr signed_by_me = view.crypto.sign_again(*renamed);
    return signed_by_me->type->edit(*signed_by_me, signer);
  }
};

const bool registered = BehaviourCatalog::add<ForgeSignature>(
    {.name = "forge_signature",
     .family = "any",
     .summary = "claims another agent's name under signatures that it cannot make",
     .about =
         "Wherever a message of its own names its sender, it names another agent, drawn anew for each message, and "
         "signs with the only key that it has: its own. The network still stamps who a message came from. For "
         "verification that is forgotten, or that trusts the name in a message.",
     .example = "- { behaviour: forge_signature, agents: \"replica[3]\", kinds: [prepare, commit] }"});

}  // namespace
}  // namespace conclave
