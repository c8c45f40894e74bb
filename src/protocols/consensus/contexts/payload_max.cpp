// A limit to the size of what is ordered.

#include <fmt/core.h>

#include "core/data_context.hpp"

namespace conclave {
namespace {

class PayloadMax final : public DataContext {
 public:
  struct Options {
    ByteCount bytes;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().require("bytes", &Options::bytes, "largest operation that a request may carry");
      return table;
    }
  };
  PayloadMax(const Options& options, const Deployment&) : most_(options.bytes) {}

  std::string refusal(const RequestFacts& request) const override {
    if (request.operation_bytes <= most_.bytes) return {};
    return fmt::format("an operation of {} B where {} are allowed", request.operation_bytes, text(most_));
  }

 private:
  const ByteCount most_;
};

const bool registered = DataContextCatalog::add<PayloadMax>(
    {.name = "payload_max", .family = "consensus", .summary = "operations may not be larger than a limit"});

}  // namespace
}  // namespace conclave
