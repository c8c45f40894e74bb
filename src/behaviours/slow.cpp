// Slow: takes longer over what it does: an overloaded machine, a pause of the garbage collector, a disk that hangs.
// What comes meanwhile waits, so a little too slow becomes very late under load.

#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Slow final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Duration by{};
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().require("by", &Options::by, "time that an input takes on top",
                                            {.least = std::chrono::nanoseconds(1), .most = std::chrono::hours(1)});
      return table;
    }
  };
  Slow(const Options& options, const Deployment& deployment)
      : Behaviour("slow", deployment, options), by_(options.by) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (message ? strikes(view, *message->body) : strikes_other(view)) {
      out.spend(by_);
      message ? inject(out, "slowed", message->body->type->name, message->from) : inject(out, "slowed");
    }
    forward(view, input, out);
  }

 private:
  const Duration by_;
};

const bool registered = BehaviourCatalog::add<Slow>(
    {.name = "slow",
     .family = "any",
     .summary = "takes longer over each input",
     .about =
         "Each input that it strikes takes `by` longer: what it causes comes that much later, and what arrives "
         "meanwhile waits. For stragglers: protocols that wait for a quorum should not wait for them. With a small "
         "`probability` and a large `by` it is the pause of a garbage collector. With `kinds` only these are "
         "slow, otherwise timers and requests too.",
     .example = "- { behaviour: slow, agents: \"replica[3]\", by: 5ms, from: 1s, until: 4s }"});

}  // namespace
}  // namespace conclave
