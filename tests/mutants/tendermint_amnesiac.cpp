// The proposer of round 1, who forgets: in round 0 of the first height it confirms the proposal to one replica and
// denies it to the others, and for round 1 it proposes something else and votes for that, claiming if need be that
// round 0 had wanted it. Says all of it at once and nothing ever after.

#include <algorithm>
#include <vector>

#include "core/catalog.hpp"
#include "protocols/consensus/tendermint_messages.hpp"

namespace conclave {
namespace {

class TendermintAmnesiac final : public Layer {
 public:
  struct Options {
    bool propose = true;
    bool claim = false;
    static const ParamTable& params() {
      static const auto table = Params<Options>()
                                    .add("propose", &Options::propose, "proposes another value in round 1")
                                    .add("claim", &Options::claim, "claims that it had a polka in round 0");
      return table;
    }
  };
  TendermintAmnesiac(const Options& options, const Deployment&) : options_(options) {}

 protected:
  void on_input(const View& view, const Input& input, Outbox& out) override {
    const auto* message = std::get_if<Message>(&input);
    if (!message || done_) return;
    if (message->body->as<ClientRequest>()) {
      requests_.push_back(std::static_pointer_cast<const ClientRequest>(message->body));
    } else if (const auto* proposal = message->body->as<TendermintProposal>(); proposal && proposal->round == 0) {
      first_ = proposal->value;
    }
    if (!first_) return;
    for (const ClientRequestPtr& request : requests_)
      if (request->digest() != first_->batch->requests.front()->digest()) return act(view, request, out);
  }

 private:
  static constexpr std::uint32_t kConfirmed = 0;  ///< the rank of the replica to which it confirms

  void act(const View& view, const ClientRequestPtr& other, Outbox& out) {
    done_ = true;
    std::vector<AgentId> denied;
    for (const AgentId id : view.peers)
      if (id != view.self && view.peers.rank(id) != kConfirmed) denied.push_back(id);
    for (const TendermintPhase phase : {TendermintPhase::prevote, TendermintPhase::precommit}) {
      out.send(view.peers[kConfirmed],
               view.crypto.sign(TendermintVote{.phase = phase, .height = 1, .value = first_->digest()}));
      out.multicast(denied, view.crypto.sign(TendermintVote{.phase = phase, .height = 1}));
    }
    if (!options_.propose) return;
    const TendermintValuePtr value = share(TendermintValue{.height = 1, .batch = share(Batch{.requests = {other}})});
    TendermintProposal proposal{.height = 1, .round = 1, .value = value};
    if (options_.claim) proposal.valid_round = 0;
    out.multicast(denied, view.crypto.sign(std::move(proposal)));
    for (const TendermintPhase phase : {TendermintPhase::prevote, TendermintPhase::precommit})
      out.multicast(
          denied, view.crypto.sign(TendermintVote{.phase = phase, .height = 1, .round = 1, .value = value->digest()}));
  }

  const Options options_;
  bool done_ = false;
  std::vector<ClientRequestPtr> requests_;
  TendermintValuePtr first_;
};

const bool registered = BehaviourCatalog::add<TendermintAmnesiac>(
    {.name = "tendermint_amnesiac", .family = "test", .summary = "takes back in round 1 what it said in round 0"});

}  // namespace
}  // namespace conclave
