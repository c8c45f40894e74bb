// The sender's belief is true: what it has been told was delivered, its receiver had by then; and it is told one thing
// only. That a message which it believes lost may have arrived is no violation: the last answer can always be lost. Such
// errors are counted.

#include "core/copy_book.hpp"
#include "checkers/delivery_checker.hpp"

namespace conclave {
namespace {

class SenderBelief final : public DeliveryChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    static const ParamTable& params() {
      static const auto table = delivery_checker_params<Options>();
      return table;
    }
  };
  SenderBelief(const Options& options, const RunFacts& facts) : DeliveryChecker(options.faulty, facts) {}

  void observe(const Event& event) override {
    if (!judges(event.agent)) return;
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      book_.submit(event.agent, *submitted);
    } else if (const auto* received = event.record->as<MessageReceived>()) {
      if (Copy* copy = book_.find(received->message, event.agent)) copy->received = true;
    } else if (const auto* settled = event.record->as<MessageSettled>(); settled && judges(settled->to)) {
      judge(event, *settled);
    }
  }

  Verdict conclude(const RunEnd&) override {
    std::uint64_t in_vain = 0;
    book_.each([&](const MessageName&, AgentId, const Copy& copy) { in_vain += copy.given_up && copy.received; });
    return verdict(fmt::format("{} told delivered, all were; {} told lost, {} of them had arrived all the same", delivered_,
                               given_up_, in_vain));
  }

 private:
  struct Copy {
    bool received = false;
    bool told = false;
    bool given_up = false;
  };

  void judge(const Event& event, const MessageSettled& settled) {
    const MessageName name{event.agent, settled.life, settled.number};
    Copy* copy = book_.find(name, settled.to);
    const auto what = [&](std::string_view wrong) {
      fail(fmt::format("{} was told at {:.6f} s that {} to {} is {}, {}", roster().name(event.agent), seconds(event.time),
                       text(name), roster().name(settled.to), settled.state, wrong));
    };
    if (!copy) return what("which it never wrote");
    if (copy->told) return what("after it had been told its end");
    copy->told = true;
    copy->given_up = settled.state != "delivered";
    copy->given_up ? given_up_++ : delivered_++;
    if (!copy->given_up && !copy->received) what("which had not been received");
  }

  CopyBook<Copy> book_;
  std::uint64_t delivered_ = 0;
  std::uint64_t given_up_ = 0;
};

const bool registered = CheckerCatalog::add<SenderBelief>(
    {.name = "sender_belief",
     .family = "delivery",
     .summary = "what a sender is told was delivered, was, and it is told once"});

}  // namespace
}  // namespace conclave
