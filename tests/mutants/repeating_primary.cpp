// A primary that gives each request two slots.

#include "core/catalog.hpp"
#include "mutants/lying_primary.hpp"

namespace conclave {
namespace {

class RepeatingPrimary final : public LyingPrimary {
 protected:
  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) override {
    propose(view, ++sequence_, request, out);
    propose(view, ++sequence_, request, out);
  }

 private:
  std::uint64_t sequence_ = 0;
};

const bool registered = BehaviourCatalog::add<RepeatingPrimary>(
    {.name = "repeating_primary", .family = "test", .summary = "proposes each request for two slots"});

}  // namespace
}  // namespace conclave
