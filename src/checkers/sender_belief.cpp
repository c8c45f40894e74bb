// The sender's belief is true: what it has been told was delivered, its receiver had by then; and it is told one thing
// only. Where an ordering layer is inside of the one that confirms, a message can be at its receiver and still wait for
// its turn: `within` is how long it may. That a message which it believes lost may have arrived is no violation: the
// last answer can always be lost. Such errors are counted.

#include "checkers/delivery_checker.hpp"
#include "core/copy_book.hpp"

namespace conclave {
namespace {

class SenderBelief final : public DeliveryChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    Duration within{};
    static const ParamTable& params() {
      static const auto table = delivery_checker_params<Options>().add(
          "within", &Options::within,
          "how much later than told a message may be handed over, where order holds it back");
      return table;
    }
  };
  SenderBelief(const Options& options, const RunFacts& facts)
      : DeliveryChecker(options.faulty, facts), within_(options.within) {}

  void observe(const Event& event) override {
    if (!judges(event.agent)) return;
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      book_.submit(event.agent, *submitted);
    } else if (const auto* received = event.record->as<MessageReceived>()) {
      if (Copy* copy = book_.find(received->message, event.agent))
        copy->received = std::min(copy->received, event.time);
    } else if (const auto* settled = event.record->as<MessageSettled>(); settled && judges(settled->to)) {
      judge(event, *settled);
    }
  }

  Verdict conclude(const RunEnd& end) override {
    std::uint64_t in_vain = 0;
    book_.each([&](const MessageName& message, AgentId to, const Copy& copy) {
      in_vain += copy.given_up && copy.received != kNever;
      if (copy.told == kNever || copy.given_up || copy.received <= copy.told + within_) return;
      if (copy.received == kNever && copy.told + within_ > end.at && within_ > Duration::zero()) return;
      fail(fmt::format("{} was told at {:.6f} s that {} to {} is delivered, which had not been received by {:.6f} s",
                       roster().name(message.author), seconds(copy.told), text(message), roster().name(to),
                       seconds(copy.told + within_)));
    });
    return verdict(fmt::format("{} told delivered, all were; {} told lost, {} of them had arrived all the same",
                               delivered_, given_up_, in_vain));
  }

 private:
  struct Copy {
    Time received = kNever;
    Time told = kNever;
    bool given_up = false;
  };

  void judge(const Event& event, const MessageSettled& settled) {
    const MessageName name{event.agent, settled.life, settled.number};
    Copy* copy = book_.find(name, settled.to);
    const auto what = [&](std::string_view wrong) {
      fail(fmt::format("{} was told at {:.6f} s that {} to {} is {}, {}", roster().name(event.agent),
                       seconds(event.time), text(name), roster().name(settled.to), settled.state, wrong));
    };
    if (!copy) return what("which it never wrote");
    if (copy->told != kNever) return what("after it had been told its end");
    copy->told = event.time;
    copy->given_up = settled.state != "delivered";
    copy->given_up ? given_up_++ : delivered_++;
  }

  const Duration within_;
  CopyBook<Copy> book_;
  std::uint64_t delivered_ = 0;
  std::uint64_t given_up_ = 0;
};

const bool registered =
    CheckerCatalog::add<SenderBelief>({.name = "sender_belief",
                                       .family = "delivery",
                                       .summary = "what a sender is told was delivered, was, and it is told once"});

}  // namespace
}  // namespace conclave
