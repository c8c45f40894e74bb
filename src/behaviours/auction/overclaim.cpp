// Over-claiming: promises more quality and performance than it has, and delivers what it has. It wins until it is found
// out: delivered over promised is what the auctioneer's predictor learns.

#include <algorithm>

#include "behaviours/auction/bidding.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class Overclaim final : public ChangeBids {
 public:
  struct Options : MessageOptions {
    Factor quality = Factor::of(1);
    Factor performance = Factor::of(2);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>()
              .add("quality", &Options::quality, "the quality that it promises, if its own is less")
              .add("performance", &Options::performance, "it promises so many times its performance");
      return table;
    }
  };
  Overclaim(const Options& options, const Deployment& deployment)
      : ChangeBids("overclaim", deployment, options),
        quality_(static_cast<Millionths>(options.quality.millionths)),
        performance_(static_cast<Millionths>(options.performance.millionths)) {}

 protected:
  std::string_view what() const override { return "over-claimed"; }
  bool change(const View&, Bid& bid) override {
    for (TaskOffer& offer : bid.offers) {
      offer.quality = std::max(offer.quality.value_or(0), quality_);
      if (offer.performance) offer.performance = scaled(*offer.performance, performance_, kOne);
    }
    return true;
  }

 private:
  const Millionths quality_;
  const Millionths performance_;
};

const bool registered = BehaviourCatalog::add<Overclaim>(
    {.name = "overclaim",
     .family = "auction",
     .summary = "promises more quality and performance than it delivers",
     .about = "Bids say `quality` and a multiple of its performance; what it delivers is what it can. The auctioneer's "
              "predictor must come to discount its promises: see capability_assessed in the trace.",
     .example = "- { behaviour: overclaim, agents: \"replica[3]\", quality: 1 }"});

}  // namespace
}  // namespace conclave
