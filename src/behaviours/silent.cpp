// Silent: takes everything in and never says a word. What a crashed replica looks like from outside, but its timers run
// and its state goes on, so it costs the others exactly its votes.

#include "core/behaviour.hpp"

namespace conclave {
namespace {

class Silent final : public Behaviour {
 public:
  struct Options : WindowOptions {
    static const ParamTable& params() {
      static const auto table = window_params<Options>();
      return table;
    }
  };
  Silent(const Options& options, const Deployment& deployment) : Behaviour("silent", deployment, options.window()) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view)) return out.put(wanted);
    inject(out, "withheld", *message);
  }
};

const bool registered = BehaviourCatalog::add<Silent>(
    {.name = "silent",
     .family = "any",
     .summary = "receives everything, sends nothing",
     .silences = true,
     .about =
         "Its protocol runs on, hears everyone and decides with them, but none of its messages leaves. The mildest "
         "Byzantine fault: it costs the others exactly its votes and answers, and nobody can prove it.",
     .example = "- { behaviour: silent, agents: \"replica[3]\", from: 1s, until: 4s }"});

}  // namespace
}  // namespace conclave
