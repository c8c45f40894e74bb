// Over-claim: says that it can do everything perfectly. What it is given takes as long as its true abilities need.

#include "behaviours/hierarchy/messages.hpp"
#include "core/behaviour.hpp"
#include "core/field_editor.hpp"

namespace conclave {
namespace {

class OverClaim final : public Behaviour {
 public:
  struct Options : WindowOptions {
    std::uint32_t ability = 100;
    static const ParamTable& params() {
      static const auto table =
          window_params<Options>().add("ability", &Options::ability, "that it claims for every skill", {.most = 100});
      return table;
    }
  };
  OverClaim(const Options& options, const Deployment& deployment)
      : Behaviour("over_claim", deployment, options.window()), ability_(options.ability) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const std::optional<Outgoing> message = outgoing(view, wanted);
    if (!message || !acts(view) || !hierarchy::is(*message->body, hierarchy::kProfile)) return out.put(wanted);
    Boast boast(ability_);
    RecordPtr changed = message->body->type->edit(*message->body, boast);
    inject(out, "over-claimed", *message);
    out.put(with_body(wanted, std::move(changed)));
  }

 private:
  struct Boast final : FieldEditor {
    explicit Boast(std::uint32_t claimed) : ability(claimed) {}
    void number(std::string_view name, std::uint64_t& value) override {
      if (name == "abilities") value = ability;
    }
    const std::uint32_t ability;
  };

  const std::uint32_t ability_;
};

const bool registered = BehaviourCatalog::add<OverClaim>(
    {.name = "over_claim",
     .family = "hierarchy",
     .summary = "claims abilities that it does not have",
     .about = "Its profile says that it can do everything; its work says otherwise. For assignments that believe what "
              "they are told, and for roots that compare it with what they see.",
     .example = "- { behaviour: over_claim, agents: \"member[12]\" }"});

}  // namespace
}  // namespace conclave
