// Shading: asks for more than its cost, by a fixed share, whatever the rules say is best. In a second-price auction
// that loses it tasks and gains it nothing; in a first-price auction it is what everybody does (strategy: equilibrium).

#include "behaviours/auction/bidding.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class ShadeBids final : public ChangeBids {
 public:
  struct Options : MessageOptions {
    Factor factor = Factor::of(1.5);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("factor", &Options::factor, "it asks for so many times its price");
      return table;
    }
  };
  ShadeBids(const Options& options, const Deployment& deployment)
      : ChangeBids("shade_bids", deployment, options), factor_(static_cast<Millionths>(options.factor.millionths)) {}

 protected:
  std::string_view what() const override { return "shaded"; }
  bool change(const View&, Bid& bid) override {
    for (TaskOffer& offer : bid.offers) offer.price = scaled(offer.price, factor_, kOne);
    return true;
  }

 private:
  const Millionths factor_;
};

const bool registered = BehaviourCatalog::add<ShadeBids>(
    {.name = "shade_bids",
     .family = "auction",
     .summary = "asks for a fixed share more, or less, than its price",
     .about =
         "Every price that it bids is multiplied by `factor`. Above 1 it shades, below 1 it dumps. Where honesty is "
         "the best strategy it earns less than before, which is how to see that.",
     .example = "- { behaviour: shade_bids, agents: \"replica[3]\", factor: 1.3 }"});

}  // namespace
}  // namespace conclave
