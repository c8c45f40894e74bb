// A primary that rewrites history: it has slot 2 decided while slot 1 is still missing, so that nobody can execute it
// yet, then proposes something else for slot 2, and only then fills slot 1.

#include "core/catalog.hpp"
#include "mutants/lying_primary.hpp"

namespace conclave {
namespace {

class RewritingPrimary final : public LyingPrimary {
 protected:
  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) override {
    if (!first_) {
      first_ = request;
      propose(view, 2, first_, out);
    } else if (!second_) {
      second_ = request;
    }
  }

  void on_vote(const View& view, const Message& message, Outbox& out) override {
    const auto* commit = message.body->as<PbftCommit>();
    // Who sends us its commit sends it to all: when our answer arrives, everybody has heard everybody.
    if (!commit || commit->sequence != 2 || ++commits_ != view.peers.count - 1) return;
    if (second_) propose(view, 2, second_, out);
    propose(view, 1, first_, out);
  }

 private:
  ClientRequestPtr first_, second_;
  std::uint32_t commits_ = 0;
};

const bool registered = BehaviourCatalog::add<RewritingPrimary>(
    {.name = "rewriting_primary", .family = "test", .summary = "proposes something else for a slot that is decided"});

}  // namespace
}  // namespace conclave
