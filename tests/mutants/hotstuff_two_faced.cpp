// A leader with two faces: it grows two chains at once, one with the lower half of the honest replicas and one with the
// upper half, from certificates of their votes and its own, however few these are.

#include <array>
#include <vector>

#include "core/catalog.hpp"
#include "protocols/consensus/hotstuff_messages.hpp"

namespace conclave {
namespace {

class HotStuffTwoFaced final : public Layer {
 public:
  HotStuffTwoFaced(const NoOptions&, const Deployment& deployment) {
    std::vector<AgentId> honest;
    for (const AgentId id : deployment.group.agents)
      if (deployment.roster.honest(id)) honest.push_back(id);
    for (std::size_t i = 0; i < honest.size(); i++) chains_[i < honest.size() / 2 ? 0 : 1].side.push_back(honest[i]);
  }

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (!message) return;
    if (message->body->as<ClientRequest>()) {
      const auto request = std::static_pointer_cast<const ClientRequest>(message->body);
      if (requests_.size() < 2) requests_.push_back(request);
      if (requests_.size() == 2 && !chains_[0].block)
        for (std::size_t i = 0; i < 2; i++) propose(view, chains_[i], {requests_[i]}, out);
    } else if (message->body->as<HotStuffVote>()) {
      for (Chain& chain : chains_) count(view, chain, std::static_pointer_cast<const HotStuffVote>(message->body), out);
    }
  }

 private:
  static constexpr std::uint64_t kViews = 4;  // a block, two above it, and one that carries the last certificate

  struct Chain {
    std::vector<AgentId> side;
    HotStuffBlockPtr block;
    HotStuffCertificatePtr justify = share(HotStuffCertificate{});
    std::vector<std::shared_ptr<const HotStuffVote>> votes;
  };

  static void propose(const View& view, Chain& chain, std::vector<ClientRequestPtr> requests, Outbox& out) {
    const std::uint64_t number = chain.justify->view + 1;
    chain.block = view.crypto.sign(HotStuffBlock{.view = number,
                                                 .height = number,
                                                 .justify = chain.justify,
                                                 .batch = share(Batch{.requests = std::move(requests)})});
    chain.votes.assign(1, view.crypto.sign(HotStuffVote{.view = number, .block = chain.block->name()}));
    out.multicast(chain.side, share(HotStuffProposal{.block = chain.block}));
  }

  static void count(const View& view, Chain& chain, const std::shared_ptr<const HotStuffVote>& vote, Outbox& out) {
    if (!chain.block || vote->block != chain.block->name() || chain.block->view == kViews) return;
    chain.votes.push_back(vote);
    if (chain.votes.size() <= chain.side.size()) return;
    chain.justify =
        share(HotStuffCertificate{.view = vote->view,
                                  .block = vote->block,
                                  .proof = view.crypto.prove(view.peers, chain.votes, ProofForm::combined)});
    propose(view, chain, {}, out);
  }

  std::array<Chain, 2> chains_;
  std::vector<ClientRequestPtr> requests_;
};

const bool registered = BehaviourCatalog::add<HotStuffTwoFaced>(
    {.name = "hotstuff_two_faced", .family = "test", .summary = "leads two chains at once, one for each half"});

}  // namespace
}  // namespace conclave
