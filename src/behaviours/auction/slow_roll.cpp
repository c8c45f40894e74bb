// Slow-rolling: has the result, and hands it over just before its contract runs out. On time by the letter; what it
// costs is performance, which the auctioneer's predictor learns.

#include <map>

#include "behaviours/auction/bidding.hpp"

namespace conclave {
namespace {

class SlowRoll final : public Behaviour {
 public:
  struct Options : MessageOptions {
    Duration before = std::chrono::milliseconds(20);
    static const ParamTable& params() {
      static const auto table =
          message_params<Options>().add("before", &Options::before, "time before the end at which it delivers");
      return table;
    }
  };
  SlowRoll(const Options& options, const Deployment& deployment)
      : Behaviour("slow_roll", deployment, options), before_(options.before) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    if (const auto* start = received_in<ContractStart>(input)) ends_[start->task] = start->until;
    if (const auto* award = received_in<Award>(input); award && !award->acknowledged) ends_[award->task] = award->until;
    forward(view, input, out);
  }
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto result = sent_in<ContractResult>(wanted);
    const auto end = result ? ends_.find(result->task) : ends_.end();
    if (end == ends_.end() || end->second - before_ <= view.now || !strikes(view, *result)) return out.put(wanted);
    inject(out, "kept the result", ContractResult::kName);
    out.set_timer(timer(0, ++count_), end->second - before_ - view.now);
    held_.emplace(count_, wanted);
    ends_.erase(end);
  }
  void on_timer(const View&, TimerKey key, Outbox& out) override {
    const auto held = held_.find(key.id);
    if (held == held_.end()) return;
    out.put(held->second);
    held_.erase(held);
  }

 private:
  const Duration before_;
  std::map<std::uint64_t, Time> ends_;  ///< of its contracts, by task
  std::map<std::uint64_t, Effect> held_;
  std::uint64_t count_ = 0;
};

const bool registered = BehaviourCatalog::add<SlowRoll>(
    {.name = "slow_roll",
     .family = "auction",
     .summary = "delivers just before its contract runs out",
     .about =
         "It keeps results until `before` the end of the contract. Nothing is broken, but its performance is far below "
         "what it promised, and later auctions know.",
     .example = "- { behaviour: slow_roll, agents: \"replica[3]\", before: 10ms }"});

}  // namespace
}  // namespace conclave
