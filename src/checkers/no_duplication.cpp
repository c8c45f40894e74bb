// No duplication: nobody is handed the same message twice. Which message it is says its true name, not the number that
// a layer has given it.

#include "checkers/delivery_checker.hpp"
#include "core/copy_book.hpp"

namespace conclave {
namespace {

class NoDuplication final : public DeliveryChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    static const ParamTable& params() {
      static const auto table = delivery_checker_params<Options>();
      return table;
    }
  };
  NoDuplication(const Options& options, const RunFacts& facts) : DeliveryChecker(options.faulty, facts) {}

  void observe(const Event& event) override {
    if (const auto* submitted = event.record->as<MessageSubmitted>()) {
      if (judges(event.agent)) book_.submit(event.agent, *submitted);
    } else if (const auto* received = event.record->as<MessageReceived>(); received && judges(event.agent)) {
      bool* had = book_.find(received->message, event.agent);
      if (!had) return;  // nothing that was submitted: the business of delivery_integrity
      if (*had)
        fail(fmt::format("{} was handed {} again at {:.6f} s", roster().name(event.agent), text(received->message),
                         seconds(event.time)));
      received_ += !*had;
      *had = true;
    }
  }

  Verdict conclude(const RunEnd&) override {
    return verdict(fmt::format("{} copies of messages received, none twice", received_));
  }

 private:
  CopyBook<bool> book_;
  std::uint64_t received_ = 0;
};

const bool registered = CheckerCatalog::add<NoDuplication>(
    {.name = "no_duplication", .family = "delivery", .summary = "nobody is handed the same message twice"});

}  // namespace
}  // namespace conclave
