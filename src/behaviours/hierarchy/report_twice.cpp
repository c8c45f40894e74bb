// Report twice: every result leaves twice, as if two tasks had been done.

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

class ReportTwice final : public Behaviour {
 public:
  struct Options : WindowOptions {
    static const ParamTable& params() {
      static const auto table = window_params<Options>();
      return table;
    }
  };
  ReportTwice(const Options& options, const Deployment& deployment)
      : Behaviour("report_twice", deployment, options.window()) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    out.put(wanted);
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view) || !hierarchy::is(*message->body, hierarchy::kResult)) return;
    inject(out, "reported again", *message);
    out.put(wanted);
  }
};

const bool registered = BehaviourCatalog::add<ReportTwice>(
    {.name = "report_twice",
     .family = "hierarchy",
     .summary = "reports every result twice",
     .about =
         "Each report that a task is done is sent a second time. For books in which a task may be settled more than "
         "once, or sums in which a result counts twice.",
     .example = "- { behaviour: report_twice, agents: \"member[12]\" }"});

}  // namespace
}  // namespace conclave
