// Clock inflation: says that third parties have been sent messages that never were. Whoever hears it believes it, and
// its own messages to those third parties wait for ever. One liar so silences honest agents towards each other, which
// is why no deterministic protocol gives causal order and liveness to unicasts with a single liar (Misra, Kshemkalyani,
// 2022).

#include "behaviours/delivery/causal_counts.hpp"
#include "core/behaviour.hpp"

namespace conclave {
namespace {

class ClockInflation final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::uint64_t by = 1'000'000;
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("by", &Options::by, "by which it raises each count", {.least = 1});
      return table;
    }
  };
  ClockInflation(const Options& options, const Deployment& deployment)
      : Behaviour("clock_inflation", deployment, options), by_(options.by) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || message->peer == kNobody || !strikes(view, *message->body)) return out.put(wanted);
    CausalCountsEditor inflate;
    inflate.about = message->peer;
    inflate.others = true;
    inflate.by = by_;
    RecordPtr changed = message->body->type->edit(*message->body, inflate);
    if (inflate.changes == 0) return out.put(wanted);
    inject(out, "inflated clocks", message->body->type->name, message->peer, inflate.changes);
    out.put(with_body(wanted, std::move(changed)));
  }

 private:
  const std::uint64_t by_;
};

const bool registered = BehaviourCatalog::add<ClockInflation>(
    {.name = "clock_inflation",
     .family = "delivery",
     .summary = "makes others believe in messages to third parties that never were",
     .about =
         "In what the layer `causal` sends to one receiver it raises the counts of messages to all others. Its own "
         "message is handed over, and what its receiver writes from then on carries the lie: third parties hold it "
         "back for ever. The attack that makes causal order with liveness impossible among liars.",
     .example = "- { behaviour: clock_inflation, agents: \"replica[3]\", from: 1s }"});

}  // namespace
}  // namespace conclave
