// The checks that catch liars, for all kinds of signed statements. See accusations.cpp for what is an offence.
#pragma once

#include <memory>

#include "protocols/consensus/pbft/replica.hpp"

namespace conclave {

/// True if the sender has signed the statement; accuses it otherwise.
template <class Kind>
bool Pbft::authentic(const View& view, AgentId from, const Kind& statement, const RecordPtr& body, Outbox& out) {
  if (view.crypto.verify(statement, from)) return true;
  const AgentId signer = statement.signature.signer;
  const bool replayed = signer != from && view.crypto.verify(statement, signer);
  accuse(replayed ? Offence::replay : Offence::invalid_signature, from, statement.pledge(), {body}, false, out);
  return false;
}

/// Accuses the signer of two statements that contradict each other.
template <class First, class Second>
void Pbft::accuse_of_two(AgentId accused, const std::shared_ptr<const First>& first,
                         const std::shared_ptr<const Second>& second, Outbox& out) {
  constexpr bool same_kind = std::is_same_v<First, Second>;
  constexpr bool with_commit = std::is_same_v<First, PbftCommit> || std::is_same_v<Second, PbftCommit>;
  accuse(same_kind ? Offence::equivocation : Offence::inconsistent_attestation, accused, first->pledge(),
         {first, second}, !(with_commit && macs_), out);
}

/// Holds a vote, whose signature is good, against what its voter has said of the slot before.
template <class Vote>
void Pbft::compare(AgentId voter, const Vote& vote, const RecordPtr& body, const PbftSlot& slot, Outbox& out) {
  const std::uint32_t rank = group_.replicas.rank(voter);
  const auto contradicts = [&](const auto& before) {
    accuse_of_two(voter, before, std::static_pointer_cast<const Vote>(body), out);
  };
  if (slot.prepares.contradict(rank, vote.digest)) contradicts(slot.prepares.of(rank));
  if (slot.commits.contradict(rank, vote.digest)) contradicts(slot.commits.of(rank));
  if (voter == primary() && slot.proposal && slot.proposal->digest != vote.digest) contradicts(slot.proposal);
}

}  // namespace conclave
