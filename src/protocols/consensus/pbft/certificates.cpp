#include "protocols/consensus/pbft/certificates.hpp"

#include <algorithm>

#include "core/quorum.hpp"

namespace conclave {

namespace {

/// The signer's group as a third party sees it, who takes it to bear as many Byzantine replicas as it can.
PbftGroup group_of(AgentId signer, Court& court) {
  const AgentRange replicas = court.roster().group_of(signer).agents;
  return {replicas, byzantine_quorum(replicas.count, most_faulty(replicas.count))};
}

const bool enacted = Law::add<PbftProposal>() && Law::add<PbftPrePrepare>() && Law::add<PbftPrepare>() &&
                     Law::add<PbftCommit>() && Law::add<PbftCheckpoint>() && Law::add<PbftViewChange>() &&
                     Law::add<PbftNewView>();

}  // namespace

bool valid(const PbftStable& stable, const PbftGroup& group, Crypto& crypto) {
  const PbftCheckpoint statement{.sequence = stable.sequence, .digest = stable.digest};
  return stable.proof.count() >= group.quorum && crypto.verify(stable, statement, group.replicas, stable.proof);
}

bool valid(const PbftPrepared& prepared, const PbftGroup& group, Crypto& crypto) {
  if (!prepared.proposal) return false;
  const PbftProposal& proposal = *prepared.proposal;
  const AgentId primary = group.primary(proposal.view);
  const std::uint32_t rank = group.replicas.rank(primary);
  const std::vector<std::uint64_t>& voters = prepared.prepares.voters;
  if (rank / 64 >= voters.size() || voters[rank / 64] >> (rank % 64) & 1) return false;  // it proposed, once is enough
  const PbftPrepare statement{.view = proposal.view, .sequence = proposal.sequence, .digest = proposal.digest};
  return prepared.prepares.count() + 1 >= group.quorum && crypto.verify(proposal, primary) &&
         crypto.verify(prepared, statement, group.replicas, prepared.prepares);
}

bool valid(const PbftViewChange& change, const PbftGroup& group, Crypto& crypto) {
  if (change.stable && !valid(*change.stable, group, crypto)) return false;
  std::uint64_t last = change.stable_sequence();
  for (const PbftPreparedPtr& prepared : change.prepared) {
    if (!prepared || !valid(*prepared, group, crypto)) return false;
    const PbftProposal& proposal = *prepared->proposal;
    if (proposal.sequence <= last || proposal.view >= change.view) return false;
    last = proposal.sequence;
  }
  return true;
}

bool valid(const PbftNewView& news, const PbftGroup& group, Crypto& crypto) {
  VoteSet voters;
  for (const PbftViewChangePtr& change : news.view_changes) {
    if (!change || change->view != news.view || !group.replicas.contains(change->signature.signer)) return false;
    if (!crypto.verify(*change, change->signature.signer) || !valid(*change, group, crypto)) return false;
    voters.add(group.replicas.rank(change->signature.signer), group.replicas.count);
  }
  if (voters.count() < group.quorum) return false;
  const PbftObligation obliged = obligation(news.view_changes);
  if (news.proposals.size() != obliged.digests.size()) return false;
  for (std::size_t i = 0; i < obliged.digests.size(); i++) {
    const PbftProposalPtr& proposal = news.proposals[i];
    if (!proposal || proposal->view != news.view || proposal->sequence != obliged.first() + i) return false;
    if (proposal->digest != obliged.digests[i] || !crypto.verify(*proposal, group.primary(news.view))) return false;
  }
  return true;
}

PbftObligation obligation(const std::vector<PbftViewChangePtr>& changes) {
  PbftObligation obliged;
  for (const PbftViewChangePtr& change : changes)
    if (change->stable_sequence() >= obliged.first()) obliged.stable = change->stable;
  std::map<std::uint64_t, const PbftProposal*> latest;  // of the prepared ones, for each slot
  for (const PbftViewChangePtr& change : changes) {
    for (const PbftPreparedPtr& prepared : change->prepared) {
      const PbftProposal*& best = latest[prepared->proposal->sequence];
      if (!best || prepared->proposal->view > best->view) best = prepared->proposal.get();
    }
  }
  if (latest.empty()) return obliged;
  for (std::uint64_t sequence = obliged.first(); sequence <= latest.rbegin()->first; sequence++) {
    const auto prepared = latest.find(sequence);
    obliged.digests.push_back(prepared == latest.end() ? null_batch()->digest() : prepared->second->digest);
  }
  return obliged;
}

const BatchPtr& null_batch() {
  static const BatchPtr empty = share(Batch());
  return empty;
}

// What no honest replica signs.

bool PbftProposal::forbidden(AgentId signer, Court& court) const {
  return sequence == 0 || signer != group_of(signer, court).primary(view);
}

bool PbftPrePrepare::signed_by(AgentId signer, Court& court) const {
  return proposal && batch && batch->complete() && batch->digest() == proposal->digest &&
         court.crypto().verify(*proposal, signer);
}

bool PbftPrePrepare::forbidden(AgentId, Court& court) const {
  return std::any_of(batch->requests.begin(), batch->requests.end(), [&](const ClientRequestPtr& request) {
    return !court.crypto().verify(*request, request->client);
  });
}

bool PbftViewChange::forbidden(AgentId signer, Court& court) const {
  return !valid(*this, group_of(signer, court), court.crypto());
}

bool PbftNewView::forbidden(AgentId signer, Court& court) const {
  const PbftGroup group = group_of(signer, court);
  return signer != group.primary(view) || !valid(*this, group, court.crypto());
}

}  // namespace conclave
