// Causal order: nobody is handed a message after one that depends on it. A message happened before another if the
// author of the other had written it, or been handed it, or been handed something that depends on it (Lamport, 1978).
// It is that relation, transitive and restricted to messages for one receiver, which counts; comparing each message
// with its immediate predecessors only would miss the triangle A->C, A->B, B->C in which the direct message is
// overtaken.
//
// The checker keeps vector clocks of its own, by true names: clock[a] counts the messages of a that an agent knows of.
// For each receiver it joins the clocks of all messages that were handed over; a message that comes when the join
// already covers its number has been overtaken.

#include <map>
#include <memory>
#include <vector>

#include "checkers/delivery_checker.hpp"
#include "core/copy_book.hpp"

namespace conclave {
namespace {

/// A clock has an entry for each agent, and each message has a clock.
constexpr std::uint32_t kAgentsMax = 2'000;

class CausalOrder final : public DeliveryChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    static const ParamTable& params() {
      static const auto table = delivery_checker_params<Options>();
      return table;
    }
  };
  CausalOrder(const Options& options, const RunFacts& facts)
      : DeliveryChecker(options.faulty, facts),
        knows_(facts.roster.size(), Clock(facts.roster.size(), 0)),
        handed_(facts.roster.size(), Clock(facts.roster.size(), 0)),
        lives_(facts.roster.size(), 0) {}

  static void check(const Options&, const RunFacts& facts, const Value& written, Diagnostics& diagnostics) {
    if (facts.roster.size() > kAgentsMax)
      diagnostics.error(
          written.at, fmt::format("{} agents are too many for `causal_order`", facts.roster.size()),
          fmt::format("expected at most {}: it keeps a clock of so many entries for each message", kAgentsMax));
  }

  void observe(const Event& event) override {
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      if (judges(event.agent)) on_submitted(event, *submitted);
    } else if (const auto* received = event.record->as<MessageReceived>(); received && judges(event.agent)) {
      on_received(event, received->message);
    }
  }

  Verdict conclude(const RunEnd&) override {
    return verdict(fmt::format("{} copies of messages received, none overtaken by what depends on it", received_));
  }

 private:
  using Clock = std::vector<std::uint64_t>;
  struct Copy {
    std::uint32_t clock = 0;  ///< position in clocks_
    bool received = false;
  };

  void on_submitted(const Event& event, const MessageSubmitted& submitted) {
    Clock& own = knows_[index(event.agent)];
    // An author without memory begins again: its earlier life is another author, of whom this checker knows no order.
    if (submitted.life != lives_[index(event.agent)]) return;
    own[index(event.agent)] = submitted.number;
    clocks_.push_back(std::make_shared<const Clock>(own));
    book_.submit(event.agent, submitted, {static_cast<std::uint32_t>(clocks_.size() - 1), false});
  }

  void on_received(const Event& event, const MessageName& message) {
    Copy* copy = book_.find(message, event.agent);
    if (!copy || copy->received) return;
    copy->received = true;
    received_++;
    Clock& handed = handed_[index(event.agent)];
    if (handed[index(message.author)] >= message.number)
      fail(fmt::format("{} was handed {} at {:.6f} s, after a message that depends on it", roster().name(event.agent),
                       text(message), seconds(event.time)));
    join(handed, *clocks_[copy->clock]);
    join(knows_[index(event.agent)], *clocks_[copy->clock]);
  }

  static void join(Clock& into, const Clock& other) {
    for (std::size_t i = 0; i < into.size(); i++) into[i] = std::max(into[i], other[i]);
  }

  std::vector<Clock> knows_;   ///< by agent: what has happened before its next message
  std::vector<Clock> handed_;  ///< by agent: what has happened before the messages that it was handed, these included
  std::vector<std::uint64_t> lives_;
  std::vector<std::shared_ptr<const Clock>> clocks_;  ///< of messages
  CopyBook<Copy> book_;
  std::uint64_t received_ = 0;
};

const bool registered = CheckerCatalog::add<CausalOrder>(
    {.name = "causal_order",
     .family = "delivery",
     .summary = "nobody is handed a message after one that depends on it, by whatever way"});

}  // namespace
}  // namespace conclave
