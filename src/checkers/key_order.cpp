// Order by key: nobody is handed a message with some key after a later one of the same author with that key.

#include "checkers/order_checker.hpp"

namespace conclave {
namespace {

class KeyOrder final : public OrderChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    static const ParamTable& params() {
      static const auto table = delivery_checker_params<Options>();
      return table;
    }
  };
  KeyOrder(const Options& options, const RunFacts& facts) : OrderChecker("key", options.faulty, facts) {}

 protected:
  std::uint32_t lane_of(const MessageSubmitted& message) const override { return message.key; }
};

const bool registered = CheckerCatalog::add<KeyOrder>(
    {.name = "key_order",
     .family = "delivery",
     .summary = "messages of one author and key are handed over in the order in which they were written"});

}  // namespace
}  // namespace conclave
