// Stall: work neither goes down nor comes up through it, but it beats as if all were well. What it had handed on before
// is done, and nobody hears of it.

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Stall final : public Behaviour {
 public:
  struct Options : WindowOptions {
    static const ParamTable& params() {
      static const auto table = window_params<Options>();
      return table;
    }
  };
  Stall(const Options& options, const Deployment& deployment) : Behaviour("stall", deployment, options.window()) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    const bool work = message && (hierarchy::is(*message->body, hierarchy::kOrder) ||
                                  hierarchy::is(*message->body, hierarchy::kResult));
    if (!work || !acts(view)) return out.put(wanted);
    inject(out, "stalled", *message);
  }
};

const bool registered = BehaviourCatalog::add<Stall>(
    {.name = "stall",
     .family = "hierarchy",
     .summary = "lets no work through, and beats as if all were well",
     .about =
         "Neither tasks nor results leave it; heartbeats do. The silent stall of a manager or a worker that is hung "
         "behind a thread that still answers pings.",
     .example = "- { behaviour: stall, agents: \"member[7]\", from: 500ms }"});

}  // namespace
}  // namespace conclave
