// Withdrawing: takes its bid back a moment after it has bid. Before the deadline that is allowed and costs nothing;
// after it the bid stands.

#include <map>

#include "behaviours/auction/bidding.hpp"

namespace conclave {
namespace {

class WithdrawBids final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Duration after = std::chrono::milliseconds(10);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("after", &Options::after, "time from its bid until it takes it back");
      return table;
    }
  };
  WithdrawBids(const Options& options, const Deployment& deployment)
      : Behaviour("withdraw_bids", deployment, options), after_(options.after) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    out.put(wanted);
    const auto bid = sent_in<Bid>(wanted);
    if (!bid || !strikes(view, *bid)) return;
    pending_.emplace(++count_, std::pair(bid->auctioneer, bid->auction));
    out.set_timer(timer(0, count_), after_);
  }
  void on_timer(const View&, TimerKey key, Outbox& out) override {
    const auto bid = pending_.find(key.id);
    if (bid == pending_.end()) return;
    inject(out, "withdrew its bid", BidWithdrawn::kName, bid->second.first);
    BidWithdrawn withdrawn;
    withdrawn.auction = bid->second.second;
    out.send(bid->second.first, share(std::move(withdrawn)));
    pending_.erase(bid);
  }

 private:
  const Duration after_;
  std::map<std::uint64_t, std::pair<AgentId, std::uint64_t>> pending_;
  std::uint64_t count_ = 0;
};

const bool registered = BehaviourCatalog::add<WithdrawBids>(
    {.name = "withdraw_bids",
     .family = "auction",
     .summary = "takes its bids back",
     .about =
         "`after` its bid it says that it withdraws it. In time the bid does not count; too late it does, and an award "
         "may come to one who no longer wants it, but honours it.",
     .example = "- { behaviour: withdraw_bids, agents: \"replica[3]\", after: 10ms }"});

}  // namespace
}  // namespace conclave
