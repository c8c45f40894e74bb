// Common order, the total order of deliveries: any two agents that are handed the same two messages are handed them in
// the same order. Compared pair by pair of agents, on the messages that both have; the first receipt counts.

#include <map>
#include <vector>

#include "checkers/delivery_checker.hpp"

namespace conclave {
namespace {

/// Receivers that are compared each with each; beyond, each with the next.
constexpr std::size_t kAllPairsMax = 64;

class CommonOrder final : public DeliveryChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    static const ParamTable& params() {
      static const auto table = delivery_checker_params<Options>();
      return table;
    }
  };
  CommonOrder(const Options& options, const RunFacts& facts) : DeliveryChecker(options.faulty, facts) {}

  void observe(const Event& event) override {
    const auto* received = event.record->as<MessageReceived>();
    if (!received || !judges(event.agent) || !judges(received->message.author)) return;
    Receiver& receiver = receivers_[event.agent];
    if (receiver.place.emplace(received->message, receiver.order.size()).second)
      receiver.order.push_back(received->message);
  }

  Verdict conclude(const RunEnd&) override {
    for (auto one = receivers_.begin(); one != receivers_.end(); ++one) {
      std::size_t compared = 0;
      for (auto other = std::next(one); other != receivers_.end(); ++other) {
        if (receivers_.size() > kAllPairsMax && ++compared > 1) break;
        compare(one->first, one->second, other->first, other->second);
      }
    }
    if (!failed() && common_ == 0)
      return {false, "no message was received by two agents, so nothing could be compared"};
    return verdict(fmt::format("{} receivers, {} messages in common, in one order", receivers_.size(), common_));
  }

 private:
  struct Receiver {
    std::vector<MessageName> order;
    std::map<MessageName, std::size_t> place;
  };

  void compare(AgentId a, const Receiver& one, AgentId b, const Receiver& other) {
    const MessageName* before = nullptr;
    std::size_t place = 0;
    for (const MessageName& message : one.order) {
      const auto there = other.place.find(message);
      if (there == other.place.end()) continue;
      common_++;
      if (before && there->second < place)
        return fail(fmt::format("{} was handed {} before {}, {} the other way round", roster().name(a), text(*before),
                                text(message), roster().name(b)));
      before = &message;
      place = there->second;
    }
  }

  std::map<AgentId, Receiver> receivers_;
  std::uint64_t common_ = 0;
};

const bool registered = CheckerCatalog::add<CommonOrder>(
    {.name = "common_order",
     .family = "delivery",
     .summary = "agents that are handed the same messages are handed them in the same order"});

}  // namespace
}  // namespace conclave
