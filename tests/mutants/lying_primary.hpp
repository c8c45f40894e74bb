// What PBFT's lying primaries share: they run no protocol of their own, hear requests and propose what they like. They
// sign as themselves and as nobody else, so each lie is one that a real traitor could tell.
#pragma once

#include <set>
#include <vector>

#include "core/layer.hpp"
#include "protocols/consensus/pbft/messages.hpp"

namespace conclave {

class LyingPrimary : public Layer {
 protected:
  void on_input(const View& view, const Input& input, Outbox& out) final {
    const auto* message = std::get_if<Message>(&input);
    if (!message) return;
    if (message->body->as<ClientRequest>()) {
      const auto request = std::static_pointer_cast<const ClientRequest>(message->body);
      if (heard_.insert(request->digest()).second) on_request(view, request, out);
    } else {
      on_vote(view, *message, out);
    }
  }

  /// A request that was not heard before.
  virtual void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) = 0;
  virtual void on_vote(const View&, const Message&, Outbox&) {}

  static std::vector<AgentId> backups(const View& view) { return {view.peers.begin(), view.peers.end()}; }

  static BatchPtr batch_of(const ClientRequestPtr& request) {
    Batch batch;
    batch.requests.push_back(request);
    return share(std::move(batch));
  }

  /// Proposes `request` for a slot to some of the backups, under any digest.
  static void propose(const View& view, std::vector<AgentId> to, std::uint64_t sequence, const Digest& digest,
                      const ClientRequestPtr& request, Outbox& out) {
    const auto proposal = view.crypto.sign(PbftProposal{.sequence = sequence, .digest = digest});
    out.multicast(std::move(to), share(PbftPrePrepare{.proposal = proposal, .batch = batch_of(request)}));
  }
  /// The same under the digest that is right.
  static void propose(const View& view, std::vector<AgentId> to, std::uint64_t sequence,
                      const ClientRequestPtr& request, Outbox& out) {
    propose(view, std::move(to), sequence, batch_of(request)->digest(), request, out);
  }
  /// Proposes `request` for a slot to all of them, as an honest primary would.
  static void propose(const View& view, std::uint64_t sequence, const ClientRequestPtr& request, Outbox& out) {
    propose(view, backups(view), sequence, request, out);
  }

 private:
  std::set<Digest> heard_;
};

}  // namespace conclave
