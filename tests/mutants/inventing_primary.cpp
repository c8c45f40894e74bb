// A primary that orders what nobody has asked for. Before each true request it proposes one in the client's name, which
// it cannot sign, and the true request under a digest that is not its own.

#include "core/catalog.hpp"
#include "mutants/lying_primary.hpp"

namespace conclave {
namespace {

class InventingPrimary final : public LyingPrimary {
 protected:
  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) override {
    propose(view, ++sequence_, view.crypto.sign(ClientRequest{.client = request->client, .number = request->number}),
            out);
    propose(view, backups(view), ++sequence_, Digest::of("nothing of the kind"), request, out);
    propose(view, ++sequence_, request, out);
  }

 private:
  std::uint64_t sequence_ = 0;
};

const bool registered = BehaviourCatalog::add<InventingPrimary>(
    {.name = "inventing_primary", .family = "test", .summary = "proposes requests and digests of its own making"});

}  // namespace
}  // namespace conclave
