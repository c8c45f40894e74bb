// What a third party knows of chained HotStuff: which signed statements contradict each other, and which no honest
// replica signs.

#include <algorithm>

#include "core/evidence.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/hotstuff_messages.hpp"

namespace conclave {

/// A block with a certificate that proves nothing, or with a request that its client has not signed.
bool HotStuffBlock::forbidden(AgentId signer, Court& court) const {
  if (!well_formed()) return true;
  const AgentRange group = court.roster().group_of(signer).agents;
  const HotStuffVote vote{.view = justify->view, .block = justify->block};
  if (!justify->genesis() && (justify->proof.count() < byzantine_quorum(group.count, most_faulty(group.count)) ||
                              !court.crypto().verify(*justify, vote, group, justify->proof)))
    return true;
  return std::any_of(batch->requests.begin(), batch->requests.end(), [&](const ClientRequestPtr& request) {
    return group.contains(request->client) || !court.crypto().verify(*request, request->client);
  });
}

namespace {

const bool enacted = Law::add<HotStuffVote>() && Law::add<HotStuffBlock>();

}  // namespace
}  // namespace conclave
