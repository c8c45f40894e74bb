// What a third party knows of Tendermint: which signed statements contradict each other, and which no honest replica
// signs.

#include <algorithm>

#include "core/evidence.hpp"
#include "protocols/consensus/tendermint_messages.hpp"

namespace conclave {

/// A proposal without a value, or of a request that its client has not signed.
bool TendermintProposal::forbidden(AgentId signer, Court& court) const {
  if (!well_formed()) return true;
  const AgentRange group = court.roster().group_of(signer).agents;
  const auto& requests = value->batch->requests;
  return std::any_of(requests.begin(), requests.end(), [&](const ClientRequestPtr& request) {
    return group.contains(request->client) || !court.crypto().verify(*request, request->client);
  });
}

namespace {

const bool enacted = Law::add<TendermintProposal>() && Law::add<TendermintVote>();

}  // namespace
}  // namespace conclave
