// A primary that proposes requests under a digest that is none of theirs.

#include "core/catalog.hpp"
#include "mutants/lying_primary.hpp"

namespace conclave {
namespace {

class MislabellingPrimary final : public LyingPrimary {
 protected:
  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) override {
    propose(view, backups(view), ++sequence_, Digest::of("nothing of the kind"), request, out);
  }

 private:
  std::uint64_t sequence_ = 0;
};

const bool registered = BehaviourCatalog::add<MislabellingPrimary>(
    {.name = "mislabelling_primary", .family = "test", .summary = "proposes requests under a digest of nothing"});

}  // namespace
}  // namespace conclave
