// Any: every request that its client has signed may be ordered.

#include "core/data_context.hpp"

namespace conclave {
namespace {

class Any final : public DataContext {
 public:
  std::string refusal(const RequestFacts&) const override { return {}; }
};

const bool registered =
    DataContextCatalog::add<Any>({.name = "any", .family = "consensus", .summary = "every request may be ordered"});

}  // namespace
}  // namespace conclave
