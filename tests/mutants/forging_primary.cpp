// A primary that rewrites its own past: after the first slot it proposes no more, and as soon as somebody gives up on
// it, it claims with a forged certificate that slot 1 was prepared with nothing in it.

#include "core/catalog.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/pbft/certificates.hpp"

namespace conclave {
namespace {

class ForgingPrimary final : public Layer {
 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (!message || !message->body->as<PbftViewChange>()) return forward(view, input, out);
    if (std::exchange(forged_, true)) return;
    PbftPrepared claim{.proposal = view.crypto.sign(PbftProposal{.sequence = 1, .digest = null_batch()->digest()})};
    VoteSet voters;
    for (const std::uint32_t rank : {1u, 2u}) {
      voters.add(rank, view.peers.count);
      claim.prepares.signatures.push_back({.signer = view.peers[rank]});
    }
    claim.prepares.voters = voters.words();
    PbftViewChange change{.view = 1};
    change.prepared.push_back(share(std::move(claim)));
    out.broadcast(view.peers, view.crypto.sign(std::move(change)));
  }

  void on_effect(const View&, const Effect& wanted, Outbox& out) override {
    const auto* send = std::get_if<Send>(&wanted);
    const auto* message = send ? send->body->as<PbftPrePrepare>() : nullptr;
    if (!message || message->proposal->sequence == 1) out.put(wanted);
  }

 private:
  bool forged_ = false;
};

const bool registered = BehaviourCatalog::add<ForgingPrimary>(
    {.name = "forging_primary", .family = "test", .summary = "claims with a forged certificate what it never did"});

}  // namespace
}  // namespace conclave
