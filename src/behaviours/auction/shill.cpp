// Shill: bids without any wish to win, at the highest price that is still considered and with the least quality, only
// to move the scores of others. Against rules whose scores hang on the bids received (min_max, topsis) it can pick the
// winner; against declared bounds it can do nothing.

#include "behaviours/auction/bidding.hpp"

namespace conclave {
namespace {

class Shill final : public ChangeBids {
 public:
  struct Options : MessageOptions {
    static const ParamTable& params() {
      static const auto table = message_params<Options>();
      return table;
    }
  };
  Shill(const Options& options, const Deployment& deployment) : ChangeBids("shill", deployment, options) {}

 protected:
  std::string_view what() const override { return "bid to lose"; }
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (const auto* call = received_in<CallForBids>(input)) {
      tasks_ = call->tasks;
      quality_least_ = 0;
      for (const Criterion& criterion : call->terms.criteria)
        if (criterion.of == Measure::quality) quality_least_ = criterion.least;
    }
    forward(view, input, out);
  }
  bool change(const View&, Bid& bid) override {
    for (TaskOffer& offer : bid.offers)
      for (const AuctionTask& task : tasks_)
        if (task.number == offer.task) {
          offer.price = task.reserve;
          offer.quality = std::max(task.quality_least, quality_least_);
        }
    return true;
  }

 private:
  std::vector<AuctionTask> tasks_;  ///< of the last call
  Millionths quality_least_ = 0;
};

const bool registered = BehaviourCatalog::add<Shill>(
    {.name = "shill",
     .family = "auction",
     .summary = "bids at the reserve and with the least quality, only to move the scores of others",
     .about = "A hopeless bid that is still considered. With relative scoring rules it changes who wins; the checker "
              "auction_deletion asks of every losing bid whether it does.",
     .example = "- { behaviour: shill, agents: \"replica[3]\" }"});

}  // namespace
}  // namespace conclave
