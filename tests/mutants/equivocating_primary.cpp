// A primary with two faces: for each slot it proposes one request to the lower half of the honest backups and another
// to the upper half, and to each backup it confirms whatever that backup believes.

#include <algorithm>
#include <optional>

#include "core/catalog.hpp"
#include "mutants/lying_primary.hpp"

namespace conclave {
namespace {

class EquivocatingPrimary final : public LyingPrimary {
 public:
  EquivocatingPrimary(const NoOptions&, const Deployment& deployment) {
    std::vector<AgentId> honest;
    for (const AgentId id : deployment.group.agents)
      if (deployment.roster.honest(id)) honest.push_back(id);
    const auto middle = honest.begin() + static_cast<std::ptrdiff_t>(honest.size() / 2);
    lower_.assign(honest.begin(), middle);
    upper_.assign(middle, honest.end());
  }

 protected:
  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) override {
    if (!first_) {
      first_ = request;
      return;
    }
    sequence_++;
    propose(view, lower_, sequence_, first_, out);
    propose(view, upper_, sequence_, request, out);
    first_.reset();
  }

  void on_vote(const View& view, const Message& message, Outbox& out) override {
    if (const auto* prepare = message.body->as<PbftPrepare>())
      out.send(message.from, view.crypto.sign(PbftCommit{.sequence = prepare->sequence, .digest = prepare->digest}));
  }

 private:
  std::vector<AgentId> lower_, upper_;
  std::uint64_t sequence_ = 0;
  ClientRequestPtr first_;
};

const bool registered = BehaviourCatalog::add<EquivocatingPrimary>(
    {.name = "equivocating_primary", .family = "test", .summary = "proposes two requests for each slot"});

}  // namespace
}  // namespace conclave
