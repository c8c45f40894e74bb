// Stale stamp: an agent of CBBA that keeps telling what it knew at first, with stamps that say that it has just heard
// so from everybody. Who believes it takes back what it had right.

#include "behaviours/auction/bidding.hpp"

namespace conclave {
namespace {

class StaleStamp final : public Behaviour {
 public:
  struct Options : MessageOptions {
    std::uint32_t keep = 2;
    static const ParamTable& params() {
      static const auto table = message_params<Options>().add(
          "keep", &Options::keep, "the table of which round it keeps telling", {.least = 1});
      return table;
    }
  };
  StaleStamp(const Options& options, const Deployment& deployment)
      : Behaviour("stale_stamp", deployment, options), keep_(options.keep) {}

 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto table = sent_in<BundleTable>(wanted);
    if (!table || !strikes(view, *table)) return out.put(wanted);
    if (++told_ <= keep_) old_ = *table;
    if (told_ <= keep_) return out.put(wanted);
    BundleTable changed = *old_;
    for (Time& stamp : changed.heard) stamp = view.now;
    inject(out, "told old news as new", BundleTable::kName);
    out.put(with_body(wanted, share(std::move(changed))));
  }

 private:
  const std::uint32_t keep_;
  std::uint32_t told_ = 0;
  std::optional<BundleTable> old_;
};

const bool registered = BehaviourCatalog::add<StaleStamp>(
    {.name = "stale_stamp",
     .family = "auction",
     .summary = "in CBBA, tells old news with fresh time stamps",
     .about =
         "From round `keep` on its tables stay the same but for their stamps, which say that it has just had word of "
         "everybody. Stamps decide in CBBA whose word counts, so the others unlearn what they knew.",
     .example = "- { behaviour: stale_stamp, agents: \"replica[3]\", keep: 2 }"});

}  // namespace
}  // namespace conclave
