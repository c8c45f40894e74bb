// The proposer of the first round with two faces: it proposes one value to the lower half of the honest replicas and
// another to the upper half, and tells each half twice that it votes for theirs.

#include <array>
#include <vector>

#include "core/catalog.hpp"
#include "protocols/consensus/tendermint_messages.hpp"

namespace conclave {
namespace {

class TendermintTwoFaced final : public Layer {
 public:
  TendermintTwoFaced(const NoOptions&, const Deployment& deployment) {
    std::vector<AgentId> honest;
    for (const AgentId id : deployment.group.agents)
      if (deployment.roster.honest(id)) honest.push_back(id);
    for (std::size_t i = 0; i < honest.size(); i++) sides_[i < honest.size() / 2 ? 0 : 1].push_back(honest[i]);
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (!message || !message->body->as<ClientRequest>() || requests_.size() == 2) return;
    requests_.push_back(std::static_pointer_cast<const ClientRequest>(message->body));
    if (requests_.size() < 2) return;
    for (std::size_t i = 0; i < 2; i++) {
      const TendermintValuePtr value =
          share(TendermintValue{.height = 1, .batch = share(Batch{.requests = {requests_[i]}})});
      out.multicast(sides_[i], view.crypto.sign(TendermintProposal{.height = 1, .value = value}));
      for (const TendermintPhase phase : {TendermintPhase::prevote, TendermintPhase::precommit}) {
        const RecordPtr vote = view.crypto.sign(TendermintVote{.phase = phase, .height = 1, .value = value->digest()});
        for (int times = 0; times < 2; times++) out.multicast(sides_[i], vote);
      }
    }
  }

 private:
  std::array<std::vector<AgentId>, 2> sides_;
  std::vector<ClientRequestPtr> requests_;
};

const bool registered = BehaviourCatalog::add<TendermintTwoFaced>(
    {.name = "tendermint_two_faced", .family = "test", .summary = "proposes two values and votes for both, twice"});

}  // namespace
}  // namespace conclave
