// Flip-flop: a manager that misses its reports again and again although they are there. It does not listen to one of
// them for a while, says that it is gone, and turns to the next. Each time the organisation changes, and changes back.

#include <set>

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

class FlipFlop final : public Behaviour {
 public:
  struct Options : WindowOptions {
    Duration every = std::chrono::milliseconds(600);
    static const ParamTable& params() {
      static const auto table = window_params<Options>().add("every", &Options::every, "it turns to the next report",
                                                             {.least = std::chrono::nanoseconds(1)});
      return table;
    }
  };
  FlipFlop(const Options& options, const Deployment& deployment)
      : Behaviour("flip_flop", deployment, options.window()), every_(options.every) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (!message || !acts(view)) return forward(view, input, out);
    if (hierarchy::is(*message->body, hierarchy::kJoined)) reports_.insert(message->from);
    const auto turn = static_cast<std::uint64_t>((view.now - window().from) / every_);
    if (!reports_.contains(message->from) || reports_.size() < 2) return forward(view, input, out);
    const auto position = static_cast<std::uint64_t>(std::distance(reports_.begin(), reports_.find(message->from)));
    if (turn % reports_.size() != position) return forward(view, input, out);
    inject(out, "ignored", message->body->type->name, message->from);
  }

 private:
  const Duration every_;
  std::set<AgentId> reports_;  ///< that have ever said to have joined
};

const bool registered = BehaviourCatalog::add<FlipFlop>(
    {.name = "flip_flop",
     .family = "hierarchy",
     .summary = "a manager that misses reports who are there, one after the other",
     .about = "Each false alarm costs a reorganisation, and another when the one that was missed comes back. The root "
              "must notice whose alarms are false before the organisation does nothing else any more.",
     .example = "- { behaviour: flip_flop, agents: \"member[7]\", every: 600ms }"});

}  // namespace
}  // namespace conclave
