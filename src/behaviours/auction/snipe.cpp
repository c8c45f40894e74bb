// Sniping: holds its bid back until just before the deadline, so that nobody can answer it. With sealed bids there is
// nothing to answer, so it gains nothing and risks that its bid comes late: of bids sent d before the deadline, with
// exponential delays of mean m, 1 - exp(-d / m) are in time.

#include <map>

#include "behaviours/auction/bidding.hpp"

namespace conclave {
namespace {

class Snipe final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Duration before = std::chrono::milliseconds(5);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("before", &Options::before, "time before the deadline at which it bids");
      return table;
    }
  };
  Snipe(const Options& options, const Deployment& deployment)
      : Behaviour("snipe", deployment, options), before_(options.before) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (const auto* call = received_in<CallForBids>(input))
      deadlines_[{std::get<Message>(input).from, call->auction}] = call->deadline;
    forward(view, input, out);
  }
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto bid = sent_in<Bid>(wanted);
    if (!bid || !strikes(view, *bid)) return out.put(wanted);
    const auto deadline = deadlines_.find({bid->auctioneer, bid->auction});
    if (deadline == deadlines_.end() || deadline->second - before_ <= view.now) return out.put(wanted);
    inject(out, "held back", Bid::kName, bid->auctioneer);
    out.set_timer(timer(0, ++held_count_), deadline->second - before_ - view.now);
    held_.emplace(held_count_, wanted);
    deadlines_.erase(deadline);
  }
  void on_timer(const View&, TimerKey key, Outbox& out) override {
    const auto held = held_.find(key.id);
    if (held == held_.end()) return;
    out.put(held->second);
    held_.erase(held);
  }

 private:
  const Duration before_;
  std::map<std::pair<AgentId, std::uint64_t>, Time> deadlines_;  ///< of auctions that it has not bid in
  std::map<std::uint64_t, Effect> held_;
  std::uint64_t held_count_ = 0;
};

const bool registered = BehaviourCatalog::add<Snipe>(
    {.name = "snipe",
     .family = "auction",
     .summary = "bids just before the deadline",
     .about = "Its bids leave `before` the deadline. What the network delays longer comes too late and must not count.",
     .example = "- { behaviour: snipe, agents: \"replica[3]\", before: 2ms }"});

}  // namespace
}  // namespace conclave
