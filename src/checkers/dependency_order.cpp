// Order by dependencies: whoever is handed a message has been handed before what that message requires, as far as it
// was for the same receiver and was not given up.

#include <map>
#include <set>

#include "checkers/delivery_checker.hpp"
#include "core/copy_book.hpp"

namespace conclave {
namespace {

class DependencyOrder final : public DeliveryChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    static const ParamTable& params() {
      static const auto table = delivery_checker_params<Options>();
      return table;
    }
  };
  DependencyOrder(const Options& options, const RunFacts& facts) : DeliveryChecker(options.faulty, facts) {}

  void observe(const Event& event) override {
    if (!judges(event.agent)) return;
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      book_.submit(event.agent, *submitted);
      const MessageName name{event.agent, submitted->life, submitted->number};
      if (!submitted->requires_before.empty()) required_.emplace(name, submitted->requires_before);
    } else if (const auto* settled = event.record->as<MessageSettled>(); settled && settled->state != "delivered") {
      Copy* copy = book_.find({event.agent, settled->life, settled->number}, settled->to);
      if (copy) copy->given_up = true;
    } else if (const auto* received = event.record->as<MessageReceived>()) {
      on_received(event, received->message);
    }
  }

  Verdict conclude(const RunEnd&) override {
    return verdict(fmt::format("{} copies of messages received, {} requirements met", received_, met_));
  }

 private:
  struct Copy {
    bool received = false;
    bool given_up = false;
  };

  void on_received(const Event& event, const MessageName& message) {
    Copy* copy = book_.find(message, event.agent);
    if (!copy || copy->received) return;
    copy->received = true;
    received_++;
    const auto required = required_.find(message);
    if (required == required_.end()) return;
    for (const MessageName& before : required->second) {
      const Copy* needed = book_.find(before, event.agent);
      if (!needed || needed->given_up) continue;
      met_ += needed->received;
      if (!needed->received)
        fail(fmt::format("{} was handed {} at {:.6f} s before {}, which it requires", roster().name(event.agent),
                         text(message), seconds(event.time), text(before)));
    }
  }

  CopyBook<Copy> book_;
  std::map<MessageName, std::vector<MessageName>> required_;
  std::uint64_t received_ = 0;
  std::uint64_t met_ = 0;
};

const bool registered = CheckerCatalog::add<DependencyOrder>(
    {.name = "dependency_order",
     .family = "delivery",
     .summary = "messages are handed over after those that they name as required"});

}  // namespace
}  // namespace conclave
