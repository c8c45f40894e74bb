// Conservation: no message between honest agents goes missing without anybody knowing. Of each copy that was submitted
//
//   submitted = received + given up, and its sender was told + in flight
//
// and in flight is only what was submitted (or the network healed) less than `within` ago.
// With `complete: true` nothing that is submitted from heal_at on may be given up either.

#include "checkers/delivery_checker.hpp"
#include "core/copy_book.hpp"

namespace conclave {
namespace {

class Conservation final : public DeliveryChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    Duration within = std::chrono::seconds(10);
    bool complete = false;
    static const ParamTable& params() {
      static const auto table =
          delivery_checker_params<Options>()
              .add("within", &Options::within, "time in which a message must be received or given up",
                   {.least = Duration(1)})
              .add("complete", &Options::complete, "nothing that is submitted from heal_at on may be given up either");
      return table;
    }
  };
  Conservation(const Options& options, const RunFacts& facts)
      : DeliveryChecker(options.faulty, facts),
        within_(options.within),
        complete_(options.complete),
        heal_at_(facts.heal_at) {}

  void observe(const Event& event) override {
    if (!judges(event.agent)) return;
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      book_.submit(event.agent, *submitted, {event.time, false, false});
    } else if (const auto* received = event.record->as<MessageReceived>()) {
      if (Copy* copy = book_.find(received->message, event.agent)) copy->received = true;
    } else if (const auto* settled = event.record->as<MessageSettled>(); settled && settled->state != "delivered") {
      if (Copy* copy = book_.find({event.agent, settled->life, settled->number}, settled->to)) copy->given_up = true;
    }
  }

  Verdict conclude(const RunEnd& end) override {
    std::uint64_t submitted = 0, received = 0, given_up = 0, in_flight = 0;
    book_.each([&](const MessageName& message, AgentId to, const Copy& copy) {
      if (!judges(to)) return;
      submitted++;
      const Time due = std::max(copy.at, heal_at_) + within_;
      if (copy.received) return void(received++);
      if (copy.given_up) {
        given_up++;
        if (complete_ && copy.at >= heal_at_)
          fail(fmt::format("{} to {} was given up", text(message), roster().name(to)));
      } else if (due > end.at) {
        in_flight++;
      } else {
        fail(fmt::format("{} to {}, submitted at {:.6f} s, was neither received nor given up by {:.6f} s",
                         text(message), roster().name(to), seconds(copy.at), seconds(due)));
      }
    });
    if (submitted == 0) return {false, "no message was submitted"};
    return verdict(fmt::format("{} submitted = {} received + {} given up + {} in flight", submitted, received, given_up,
                               in_flight));
  }

 private:
  struct Copy {
    Time at;
    bool received = false;
    bool given_up = false;
  };

  const Duration within_;
  const bool complete_;
  const Time heal_at_;
  CopyBook<Copy> book_;
};

const bool registered = CheckerCatalog::add<Conservation>(
    {.name = "conservation",
     .family = "delivery",
     .summary = "every message is received, or given up and its sender told, or still in flight"});

}  // namespace
}  // namespace conclave
