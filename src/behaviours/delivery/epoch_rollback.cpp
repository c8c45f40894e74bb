// Epoch rollback: speaks as if from a former life, the way a restarted sender without a new epoch would. Receivers that
// do not fence old epochs take old messages for new ones, or new ones for old.

#include <algorithm>

#include "core/behaviour.hpp"
#include "core/delivery_messages.hpp"
#include "core/field_editor.hpp"

namespace conclave {
namespace {

class EpochRollback final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Duration by = std::chrono::seconds(1);
    Options() { probability = Probability::of(0.125); }
    static const ParamTable& params() {
      static const auto table = message_params<Options>().add(
          "by", &Options::by, "how much older its epoch becomes; to the first if it is not so old",
          {.least = Duration(1)});
      return table;
    }
  };
  EpochRollback(const Options& options, const Deployment& deployment)
      : Behaviour("epoch_rollback", deployment, options), by_(static_cast<std::uint64_t>(options.by.count())) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    const bool numbered = message && (message->body->as<DeliveryEnvelope>() || message->body->as<SequencedEnvelope>());
    if (!numbered || !strikes(view, *message->body)) return out.put(wanted);
    Rollback rollback;
    rollback.by = by_;
    RecordPtr changed = message->body->type->edit(*message->body, rollback);
    if (rollback.changes == 0) return out.put(wanted);
    inject(out, "rolled its epoch back", *message);
    out.put(with_body(wanted, std::move(changed)));
  }

 private:
  struct Rollback final : FieldEditor {
    void number(std::string_view name, std::uint64_t& value) override {
      if (name != "epoch" || value == 0) return;
      value -= std::min(value, by);
      changes++;
    }
    bool enters(const Record& inside) override { return inside.as<SequencedEnvelope>(); }
    std::uint64_t by = 0;
    std::uint64_t changes = 0;
  };

  const std::uint64_t by_;
};

const bool registered = BehaviourCatalog::add<EpochRollback>(
    {.name = "epoch_rollback",
     .family = "delivery",
     .summary = "sends messages as if from a former life",
     .about =
         "Makes the epoch in its envelopes older. Receivers fence old epochs and throw such messages away as "
         "stale_epoch. An agent that has lived from the beginning has no older epoch to go back to: combine it with "
         "`crash_recover, state: lost`.",
     .example = "- { behaviour: epoch_rollback, agents: \"replica[3]\", by: 2s }"});

}  // namespace
}  // namespace conclave
