// Fake second price: an auctioneer that promises the second price and pays the winner what it asked for, as if the next
// bid had been just above. Bids are sealed, so no bidder can see it: the auctioneer must be trusted, or bids published.

#include <map>

#include "behaviours/auction/bidding.hpp"
#include "core/auction_events.hpp"

namespace conclave {
namespace {

class FakeSecondPrice final : public Behaviour {
 public:
  struct Options : MessageOptions {
    static const ParamTable& params() {
      static const auto table = message_params<Options>();
      return table;
    }
  };
  FakeSecondPrice(const Options& options, const Deployment& deployment)
      : Behaviour("fake_second_price", deployment, options) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (const auto* bid = received_in<Bid>(input))
      for (const TaskOffer& offer : bid->offers)
        asked_.try_emplace({std::get<Message>(input).from, offer.task}, offer.price);
    forward(view, input, out);
  }
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto award = sent_in<Award>(wanted);
    const auto payment = sent_in<ContractPayment>(wanted);
    const auto* send = std::get_if<Send>(&wanted);
    if (award && send && strikes(view, *award)) {
      Award changed = *award;
      if (lower(send->to.only(), changed.task, changed.payment))
        inject(out, "lied about the second price", Award::kName, send->to.only());
      return out.put(with_body(wanted, share(std::move(changed))));
    }
    if (payment && send && strikes(view, *payment)) {
      ContractPayment changed = *payment;
      if (lower(send->to.only(), changed.task, changed.amount))
        inject(out, "paid less", ContractPayment::kName, send->to.only());
      return out.put(with_body(wanted, share(std::move(changed))));
    }
    const auto* said = std::get_if<Emit>(&wanted);
    if (!said) return out.put(wanted);
    // Its books agree with its lies.
    if (const auto* awarded = said->event->as<TaskAwarded>()) {
      TaskAwarded changed = *awarded;
      lower(changed.bidder, changed.task, changed.payment);
      return out.emit(std::move(changed));
    }
    if (const auto* paid = said->event->as<BidderPaid>()) {
      BidderPaid changed = *paid;
      lower(changed.bidder, changed.task, changed.amount);
      return out.emit(std::move(changed));
    }
    out.put(wanted);
  }

 private:
  bool lower(AgentId bidder, std::uint64_t task, Millionths& amount) const {
    const auto asked = asked_.find({bidder, task});
    if (asked == asked_.end() || asked->second >= amount) return false;
    amount = asked->second;
    return true;
  }

  std::map<std::pair<AgentId, std::uint64_t>, Millionths> asked_;
};

const bool registered = BehaviourCatalog::add<FakeSecondPrice>(
    {.name = "fake_second_price",
     .family = "auction",
     .summary = "an auctioneer that pays what was asked instead of the second price",
     .about =
         "Awards and payments say the winner's own price. Only the omniscient observer sees the difference, which is "
         "why bidders shade their bids where they do not trust the auctioneer.",
     .example = "- { behaviour: fake_second_price, agents: \"replica[3]\" }"});

}  // namespace
}  // namespace conclave
