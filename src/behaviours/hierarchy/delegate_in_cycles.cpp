// Delegate in cycles: a manager that hands tasks back to whoever gave them to it, so that they go round for ever if the
// other one takes them.

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

class DelegateInCycles final : public Behaviour {
 public:
  struct Options : WindowOptions {
    static const ParamTable& params() {
      static const auto table = window_params<Options>();
      return table;
    }
  };
  DelegateInCycles(const Options& options, const Deployment& deployment)
      : Behaviour("delegate_in_cycles", deployment, options.window()) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (const auto* message = std::get_if<Message>(&input))
      if (hierarchy::is(*message->body, hierarchy::kOrder)) giver_ = message->from;
    forward(view, input, out);
  }

  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    const bool order = message && hierarchy::is(*message->body, hierarchy::kOrder);
    if (!order || !acts(view) || giver_ == kNobody) return out.put(wanted);
    inject(out, "handed back", *message);
    out.send(giver_, message->body);
  }

 private:
  AgentId giver_ = kNobody;
};

const bool registered = BehaviourCatalog::add<DelegateInCycles>(
    {.name = "delegate_in_cycles",
     .family = "hierarchy",
     .summary = "hands tasks back to whoever gave them",
     .about = "Orders must come from above: a manager that took one from its report would pass it round. Where orders "
              "are checked the tasks are merely late, until the manager has to go.",
     .example = "- { behaviour: delegate_in_cycles, agents: \"member[7]\" }"});

}  // namespace
}  // namespace conclave
