// A new primary that forgets what the old views have left: its NEW-VIEW proposes to do nothing, slot by slot, and it
// commits to that.

#include "core/catalog.hpp"
#include "protocols/consensus/pbft/certificates.hpp"

namespace conclave {
namespace {

class ForgetfulPrimary final : public Layer {
 protected:
  void on_effect(const View& view, const Effect& wanted, Outbox& out) override {
    const auto* send = std::get_if<Send>(&wanted);
    const auto* news = send ? send->body->as<PbftNewView>() : nullptr;
    if (!news) return out.put(wanted);
    PbftNewView forged{.view = news->view, .view_changes = news->view_changes};
    const Digest nothing = null_batch()->digest();
    for (const PbftProposalPtr& proposal : news->proposals)
      forged.proposals.push_back(
          view.crypto.sign(PbftProposal{.view = news->view, .sequence = proposal->sequence, .digest = nothing}));
    out.put(Send{send->to, view.crypto.sign(std::move(forged))});
    for (const PbftProposalPtr& proposal : news->proposals)
      out.put(Send{send->to, view.crypto.sign(
                                 PbftCommit{.view = news->view, .sequence = proposal->sequence, .digest = nothing})});
  }
};

const bool registered = BehaviourCatalog::add<ForgetfulPrimary>(
    {.name = "forgetful_primary", .family = "test", .summary = "begins its view with nothing of the old ones"});

}  // namespace
}  // namespace conclave
