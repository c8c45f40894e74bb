// A primary that leaps: it proposes for a slot far ahead, so that everything before it must be filled.

#include "core/catalog.hpp"
#include "mutants/lying_primary.hpp"

namespace conclave {
namespace {

class LeapingPrimary final : public LyingPrimary {
 protected:
  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) override {
    propose(view, kFarAhead, request, out);
  }

 private:
  static constexpr std::uint64_t kFarAhead = 20'000;
};

const bool registered = BehaviourCatalog::add<LeapingPrimary>(
    {.name = "leaping_primary", .family = "test", .summary = "proposes for a slot far ahead"});

}  // namespace
}  // namespace conclave
