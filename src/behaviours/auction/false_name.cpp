// False name: bids in the name of another agent as well, at a price of its choice. It cannot sign for the other, so
// such a bid must not count, neither against the other nor in its place.

#include "behaviours/auction/bidding.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class FalseName final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Factor price = Factor::of(0);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("price", &Options::price, "that it asks for in the other's name");
      return table;
    }
  };
  FalseName(const Options& options, const Deployment& deployment)
      : Behaviour("false_name", deployment, options), price_(static_cast<Millionths>(options.price.millionths)) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto bid = sent_in<Bid>(wanted);
    if (!bid || !strikes(view, *bid)) return out.put(wanted);
    Bid forged = *bid;
    forged.bidder = draw_other(view);
    for (TaskOffer& offer : forged.offers) offer.price = price_;
    inject(out, "bid in another's name", Bid::kName, forged.bidder);
    out.put(with_body(wanted, view.crypto.sign(std::move(forged))));
    out.put(wanted);
  }

 private:
  const Millionths price_;
};

const bool registered = BehaviourCatalog::add<FalseName>(
    {.name = "false_name",
     .family = "auction",
     .summary = "bids in another bidder's name as well",
     .about =
         "Before each bid of its own it sends one that says it is another's, which it draws. The signature is its own, "
         "since it has no other.",
     .example = "- { behaviour: false_name, agents: \"replica[3]\", price: 1 }"});

}  // namespace
}  // namespace conclave
