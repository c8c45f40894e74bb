// Whitewashing: one cheat with several names. It uses one name for a while, spoils that name's reputation, and comes
// back under the next as somebody unknown. All of its agents have this behaviour with the same `names`; only the one
// whose turn it is bids, promises the most and delivers a share of it.
//
// It pays if a newcomer is believed as much as somebody proven. The auctioneer's options `newcomer_trust` and `caution`
// are against it.

#include <algorithm>

#include "behaviours/auction/bidding.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class Whitewash final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::vector<std::string> names;
    Duration turn = std::chrono::seconds(5);
    Factor quality = Factor::of(1);
    Factor delivers = Factor::of(0.5);
    static const ParamTable& params() {
      static const auto table = message_params<Options>()
                                    .require("names", &Options::names, "its agents, in the order in which it uses them")
                                    .add("turn", &Options::turn, "time that it uses one name", {.least = Duration(1)})
                                    .add("quality", &Options::quality, "what it promises")
                                    .add("delivers", &Options::delivers, "it delivers so many times its quality");
      return table;
    }
  };
  Whitewash(const Options& options, const Deployment& deployment)
      : Behaviour("whitewash", deployment, options),
        turn_(options.turn),
        quality_(static_cast<Millionths>(options.quality.millionths)),
        delivers_(static_cast<Millionths>(options.delivers.millionths)) {
    for (const std::string& name : options.names)
      if (const auto id = deployment.roster.agent_called(name)) names_.push_back(*id);
  }
  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    for (const std::string& name : options.names)
      if (!deployment.roster.agent_called(name))
        diagnostics.error(written.at, "no agent is called `" + name + "`", "expected names such as `bidder[3]`");
    if (options.names.empty()) diagnostics.error(written.at, "no names to use in turn");
  }

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto bid = sent_in<Bid>(wanted);
    const auto result = sent_in<ContractResult>(wanted);
    if (bid && strikes(view, *bid)) return change_bid(view, wanted, *bid, out);
    if (!result || !strikes(view, *result)) return out.put(wanted);
    ContractResult changed = *result;
    changed.quality = scaled(changed.quality, delivers_, kOne);
    inject(out, "delivered less", ContractResult::kName);
    out.put(with_body(wanted, share(std::move(changed))));
  }

 private:
  void change_bid(const View& view, const Effect& wanted, const Bid& bid, Outbox& out) {
    const auto turn = static_cast<std::size_t>((view.now - kStartOfRun) / turn_);
    if (names_[turn % names_.size()] != view.self) return inject(out, "laid low", Bid::kName, bid.auctioneer);
    Bid changed = bid;
    for (TaskOffer& offer : changed.offers) offer.quality = std::max(offer.quality.value_or(0), quality_);
    inject(out, "bid under its present name", Bid::kName, bid.auctioneer);
    out.put(with_body(wanted, view.crypto.sign(std::move(changed))));
  }

  const Duration turn_;
  const Millionths quality_;
  const Millionths delivers_;
  std::vector<AgentId> names_;
};

const bool registered = BehaviourCatalog::add<Whitewash>(
    {.name = "whitewash",
     .family = "auction",
     .summary = "cheats under one name after the other",
     .about = "One principal with several agents: in each `turn` one of them bids, promises the most and delivers too "
              "little; then the next. Compare the reputation and income of its names with those of honest bidders.",
     .example = "- { behaviour: whitewash, agents: \"replica[3]\", names: [\"replica[3]\"], turn: 5s }"});

}  // namespace
}  // namespace conclave
