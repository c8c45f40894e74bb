// Hoard: a manager that takes every task and hands none on. It beats, joins and answers as it should, so that nobody
// misses it; only its tasks are never done.

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Hoard final : public Behaviour {
 public:
  struct Options : WindowOptions {
    Probability share = Probability::of(1);
    static const ParamTable& params() {
      static const auto table =
          window_params<Options>().add("share", &Options::share, "of the tasks that it keeps, drawn each time");
      return table;
    }
  };
  Hoard(const Options& options, const Deployment& deployment)
      : Behaviour("hoard", deployment, options.window()), share_(options.share) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view) || !hierarchy::is(*message->body, hierarchy::kOrder) || !draws().hits(share_))
      return out.put(wanted);
    inject(out, "hoarded", *message);
  }

 private:
  const Probability share_;
};

const bool registered = BehaviourCatalog::add<Hoard>(
    {.name = "hoard",
     .family = "hierarchy",
     .summary = "takes tasks and does not hand them on",
     .about = "A manager that keeps the tasks it is given, or a share of them, and looks alive. Heartbeats do not find "
              "it: it takes a bound on how long a report may keep a task (`task_timeout`) and consequences.",
     .example = "- { behaviour: hoard, agents: \"member[7]\", from: 500ms }"});

}  // namespace
}  // namespace conclave
