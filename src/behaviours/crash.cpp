// Crash: the crash-stop fault. The agent is as good as any until `at`; what it takes up from then on has no effect at
// all, its own timers included. The step that it is in at that moment is still finished.
//
// A crashed agent counts as faulty for the whole run, also for what it said before: a checker must not hold it to
// anything that it could not do any more, and agreement among those that live is what the others can rely on.

#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Crash final : public Behaviour {
 public:
  struct Options {
    Duration at{};
    TimeWindow window() const { return {Time(at), kNever}; }
    static const ParamTable& params() {
      static const auto table = Params<Options>().require("at", &Options::at, "when it stops for good");
      return table;
    }
  };
  Crash(const Options& options, const Deployment& deployment) : Behaviour("crash", deployment, options.window()) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (acts(view)) return say(out);
    if (std::holds_alternative<Start>(input) || std::holds_alternative<Restarted>(input))
      out.set_timer(timer(0), window().from - view.now);
    forward(view, input, out);
  }
  void on_timer(const View&, TimerKey, Outbox& out) override { say(out); }

 private:
  void say(Outbox& out) {
    if (std::exchange(said_, true)) return;
    inject(out, "crashed");
  }

  bool said_ = false;
};

const bool registered = BehaviourCatalog::add<Crash>(
    {.name = "crash",
     .family = "any",
     .summary = "stops for good at a given time",
     .silences = true,
     .about = "The crash-stop fault: honest until `at`, then it does nothing any more, neither to messages nor to its "
              "own timers. For what a protocol must survive without any malice; crash-tolerant protocols bear a "
              "minority of these. Where the whole host dies, with all that is in flight to it, use `outages`.",
     .example = "- { behaviour: crash, agents: \"replica[3]\", at: 2s }"});

}  // namespace
}  // namespace conclave
