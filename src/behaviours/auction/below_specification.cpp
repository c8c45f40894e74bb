// Below specification: delivers less quality than it promised. The auctioneer examines every result: one that is below
// what was promised is not paid, and the task goes to the next.

#include "behaviours/auction/bidding.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class BelowSpecification final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Factor factor = Factor::of(0.5);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("factor", &Options::factor, "it delivers so many times its quality");
      return table;
    }
  };
  BelowSpecification(const Options& options, const Deployment& deployment)
      : Behaviour("below_specification", deployment, options),
        factor_(static_cast<Millionths>(options.factor.millionths)) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto result = sent_in<ContractResult>(wanted);
    if (!result || !strikes(view, *result)) return out.put(wanted);
    ContractResult changed = *result;
    changed.quality = scaled(changed.quality, factor_, kOne);
    inject(out, "delivered less", ContractResult::kName);
    out.put(with_body(wanted, share(std::move(changed))));
  }

 private:
  const Millionths factor_;
};

const bool registered = BehaviourCatalog::add<BelowSpecification>(
    {.name = "below_specification",
     .family = "auction",
     .summary = "delivers less quality than it promised",
     .about = "Results are worth `factor` of what they should be. They must not be paid, and the bidder's promises are "
              "believed less from then on.",
     .example = "- { behaviour: below_specification, agents: \"replica[3]\", factor: 0.5 }"});

}  // namespace
}  // namespace conclave
