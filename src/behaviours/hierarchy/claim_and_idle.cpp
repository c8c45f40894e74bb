// Claim and idle: a worker that takes tasks, says that it has them, and never computes.

#include "core/behaviour.hpp"

namespace conclave {
namespace {

class ClaimAndIdle final : public Behaviour {
 public:
  struct Options : WindowOptions {
    static const ParamTable& params() {
      static const auto table = window_params<Options>();
      return table;
    }
  };
  ClaimAndIdle(const Options& options, const Deployment& deployment)
      : Behaviour("claim_and_idle", deployment, options.window()) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    if (!std::holds_alternative<Compute>(wanted) || !acts(view)) return out.put(wanted);
    inject(out, "idled");
  }
};

const bool registered = BehaviourCatalog::add<ClaimAndIdle>(
    {.name = "claim_and_idle",
     .family = "hierarchy",
     .summary = "takes tasks and does not do them",
     .about = "Every computation that the honest worker would begin is left out; that it has the task it still says. "
              "Whoever waits for it must give up at some time.",
     .example = "- { behaviour: claim_and_idle, agents: \"member[12]\" }"});

}  // namespace
}  // namespace conclave
