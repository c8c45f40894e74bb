// First in, first out: nobody is handed a message of a conversation after a later one of the same author.

#include "checkers/order_checker.hpp"

namespace conclave {
namespace {

class FifoOrder final : public OrderChecker {
 public:
  struct Options : DeliveryCheckerOptions {
    static const ParamTable& params() {
      static const auto table = delivery_checker_params<Options>();
      return table;
    }
  };
  FifoOrder(const Options& options, const RunFacts& facts) : OrderChecker("conversation", options.faulty, facts) {}

 protected:
  std::uint32_t lane_of(const MessageSubmitted& message) const override { return message.conversation; }
};

const bool registered = CheckerCatalog::add<FifoOrder>(
    {.name = "fifo_order",
     .family = "delivery",
     .summary = "messages of one author and conversation are handed over in the order in which they were written"});

}  // namespace
}  // namespace conclave
