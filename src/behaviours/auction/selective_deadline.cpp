// Selective deadline: an auctioneer for whom the bids of some come too late, whenever they come. Those left out see
// nothing but that they have lost.

#include <algorithm>

#include "behaviours/auction/bidding.hpp"

namespace conclave {
namespace {

class SelectiveDeadline final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::vector<std::string> victims;
    static const ParamTable& params() {
      static const auto table = message_params<Options>().require(
          "victims", &Options::victims, "bidders whose bids are never in time, such as `bidder[3]`");
      return table;
    }
  };
  SelectiveDeadline(const Options& options, const Deployment& deployment)
      : Behaviour("selective_deadline", deployment, options) {
    for (const std::string& name : options.victims)
      if (const auto id = deployment.roster.agent_called(name)) victims_.push_back(*id);
  }
  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    for (const std::string& name : options.victims)
      if (!deployment.roster.agent_called(name))
        diagnostics.error(written.at, "no agent is called `" + name + "`", "expected names such as `bidder[3]`");
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* bid = received_in<Bid>(input);
    if (!bid || !strikes(view, *bid)) return forward(view, input, out);
    const AgentId from = std::get<Message>(input).from;
    if (std::find(victims_.begin(), victims_.end(), from) == victims_.end()) return forward(view, input, out);
    inject(out, "called it too late", Bid::kName, from);
  }

 private:
  std::vector<AgentId> victims_;
};

const bool registered = BehaviourCatalog::add<SelectiveDeadline>(
    {.name = "selective_deadline",
     .family = "auction",
     .summary = "an auctioneer for whom the bids of some are always too late",
     .about = "Bids of the `victims` are dropped as if they had come after the deadline. The gap to the optimum in the "
              "outcome, which knows of all bids, shows what that costs.",
     .example = "- { behaviour: selective_deadline, agents: \"replica[3]\", victims: [\"replica[0]\"] }"});

}  // namespace
}  // namespace conclave
