// Two bids: says one thing and then another in the same auction, each properly signed: its true bid, and a cheaper one.
// One of them counts, the first; which that is the network may decide, but never both.

#include "behaviours/auction/bidding.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class TwoBids final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Factor factor = Factor::of(0.5);
    std::uint32_t copies = 1;
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>()
              .add("factor", &Options::factor, "the second price is so many times the first")
              .add("copies", &Options::copies, "how many further bids it sends; many make a flood",
                   {.least = 1, .most = 100'000});
      return table;
    }
  };
  TwoBids(const Options& options, const Deployment& deployment)
      : Behaviour("two_bids", deployment, options),
        factor_(static_cast<Millionths>(options.factor.millionths)),
        copies_(options.copies) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    out.put(wanted);
    const auto bid = sent_in<Bid>(wanted);
    if (!bid || !strikes(view, *bid)) return;
    Bid second = *bid;
    for (TaskOffer& offer : second.offers) offer.price = scaled(offer.price, factor_, kOne);
    inject(out, "bid again", Bid::kName, bid->auctioneer, copies_);
    const RecordPtr signed_bid = view.crypto.sign(std::move(second));
    for (std::uint32_t i = 0; i < copies_; i++) out.put(with_body(wanted, signed_bid));
  }

 private:
  const Millionths factor_;
  const std::uint32_t copies_;
};

const bool registered = BehaviourCatalog::add<TwoBids>(
    {.name = "two_bids",
     .family = "auction",
     .summary = "contradicts its own bid by further ones, a few or a flood",
     .about =
         "Each bid is followed by `copies` others with a different price, as genuine as the first. An auctioneer must "
         "take one of them and not be held up by the others.",
     .example = "- { behaviour: two_bids, agents: \"replica[3]\", factor: 0.5, copies: 100 }"});

}  // namespace
}  // namespace conclave
