// Omit: the omission fault. It forgets to send some of what it should send, or to take in some of what arrives, each
// copy by chance and for itself, and is honest otherwise.

#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Omit final : public Behaviour {
 public:
  struct Options : WindowOptions {
    MessageKinds kinds;
    Probability sends;
    Probability receives;
    static const ParamTable& params() {
      static const auto table =
          window_params<Options>()
              .add("kinds", &Options::kinds, "kinds of messages, such as `prepare`; all if not given")
              .add("sends", &Options::sends, "that a copy is not sent, for each receiver")
              .add("receives", &Options::receives, "that a message that arrives is not taken in");
      return table;
    }
  };
  Omit(const Options& options, const Deployment& deployment)
      : Behaviour("omit", deployment, {options, options.kinds, Probability::of(1)}),
        sends_(options.sends),
        receives_(options.receives) {}

  static void check(const Options& options, const Deployment&, const Value& written, Diagnostics& diagnostics) {
    if (options.sends == Probability() && options.receives == Probability())
      diagnostics.error(written.at, "`omit` leaves nothing out", "give `sends` or `receives` a probability above 0%");
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (message && strikes(view, *message->body) && draws().hits(receives_))
      return inject(out, "not received", message->body->type->name, message->from);
    forward(view, input, out);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || sends_ == Probability() || !strikes(view, *message->body)) return out.put(wanted);
    std::vector<AgentId> kept;
    each_receiver(view, wanted, [&](AgentId to) {
      if (!draws().hits(sends_)) kept.push_back(to);
    });
    const auto omitted = message->count - static_cast<std::uint32_t>(kept.size());
    if (omitted == 0) return out.put(wanted);
    inject(out, "not sent", message->body->type->name, message->peer, omitted);
    if (!kept.empty()) out.multicast(std::move(kept), message->body);
  }

 private:
  const Probability sends_;
  const Probability receives_;
};

const bool registered = BehaviourCatalog::add<Omit>(
    {.name = "omit",
     .family = "any",
     .summary = "leaves out some of what it should send or take in",
     .about = "The omission fault: each copy that it sends is left out with probability `sends`, for each receiver for "
              "itself, and each message that arrives is ignored with probability `receives`. Between crash and malice: "
              "full buffers, broken network cards, and attackers who want to look like those. Links that lose messages "
              "are another thing: this one hits all ways of one agent.",
     .example = "- { behaviour: omit, agents: \"replica[3]\", sends: 10%, receives: 5%, kinds: [prepare] }"});

}  // namespace
}  // namespace conclave
