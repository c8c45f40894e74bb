// Favour: a manager that gives all tasks to one of its reports. The favourite gets more than it can do, the others
// idle; everything is done, later.

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Favour final : public Behaviour {
 public:
  struct Options : WindowOptions {
    static const ParamTable& params() {
      static const auto table = window_params<Options>();
      return table;
    }
  };
  Favour(const Options& options, const Deployment& deployment) : Behaviour("favour", deployment, options.window()) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view) || !hierarchy::is(*message->body, hierarchy::kOrder)) return out.put(wanted);
    if (favourite_ == kNobody) favourite_ = message->peer;
    if (message->peer == favourite_) return out.put(wanted);
    inject(out, "redirected", *message);
    out.send(favourite_, message->body);
  }

 private:
  AgentId favourite_ = kNobody;  ///< whom it gave a task first
};

const bool registered = BehaviourCatalog::add<Favour>(
    {.name = "favour",
     .family = "hierarchy",
     .summary = "a manager that gives all tasks to one of its reports",
     .about = "Nothing is lost and no rule of the protocol is broken: it shows in the makespan and in the distribution "
              "of load.",
     .example = "- { behaviour: favour, agents: \"member[7]\" }"});

}  // namespace
}  // namespace conclave
