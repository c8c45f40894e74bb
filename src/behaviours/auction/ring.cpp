// Ring: bidders who have agreed not to compete. In each auction one member, in turn, bids a share of the reserve and
// the others do not bid. All members must have the same `members`.

#include "behaviours/auction/bidding.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class Ring final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::vector<std::string> members;
    Factor share = Factor::of(0.95);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>()
              .require("members", &Options::members, "names of all who are in it, such as `bidder[3]`")
              .add("share", &Options::share, "of the reserve, that the member whose turn it is asks for");
      return table;
    }
  };
  Ring(const Options& options, const Deployment& deployment)
      : Behaviour("ring", deployment, options), share_(static_cast<Millionths>(options.share.millionths)) {
    for (const std::string& name : options.members)
      if (const auto id = deployment.roster.agent_called(name)) members_.push_back(*id);
  }
  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    for (const std::string& name : options.members)
      if (!deployment.roster.agent_called(name))
        diagnostics.error(written.at, "no agent is called `" + name + "`", "expected names such as `bidder[3]`");
    if (options.members.empty()) diagnostics.error(written.at, "a ring without members");
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (const auto* call = received_in<CallForBids>(input)) tasks_ = call->tasks;
    forward(view, input, out);
  }
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto bid = sent_in<Bid>(wanted);
    if (!bid || !strikes(view, *bid)) return out.put(wanted);
    if (members_[bid->auction % members_.size()] != view.self)
      return inject(out, "did not compete", Bid::kName, bid->auctioneer);
    Bid changed = *bid;
    for (TaskOffer& offer : changed.offers)
      for (const AuctionTask& task : tasks_)
        if (task.number == offer.task) offer.price = std::max(offer.price, scaled(task.reserve, share_, kOne));
    inject(out, "bid as agreed", Bid::kName, bid->auctioneer);
    out.put(with_body(wanted, view.crypto.sign(std::move(changed))));
  }

 private:
  const Millionths share_;
  std::vector<AgentId> members_;
  std::vector<AuctionTask> tasks_;  ///< of the last call
};

const bool registered = BehaviourCatalog::add<Ring>(
    {.name = "ring",
     .family = "auction",
     .summary = "members take turns at a high price while the others do not bid",
     .about = "A cartel. No auction rule prevents it, only outsiders and the reserve limit what it earns: compare the "
              "payments in the outcome with and without.",
     .example = "- { behaviour: ring, agents: \"replica[3]\", members: [\"replica[2]\", \"replica[3]\"] }"});

}  // namespace
}  // namespace conclave
