// The checks that catch liars, for all kinds of signed statements. See accusations.cpp for what is an offence.
#pragma once

#include <memory>

#include "protocols/consensus/pbft/replica.hpp"

namespace conclave {

/// True if the sender has signed the statement; accuses it otherwise.
template <class Kind>
bool Pbft::authentic(const View& view, AgentId from, const std::shared_ptr<const Kind>& statement, Outbox& out) {
  if (view.crypto.verify(*statement, from)) return true;
  const AgentId signer = statement->signature.signer;
  const bool replayed = signer != from && view.crypto.verify(*statement, signer);
  accuse(replayed ? Offence::replay : Offence::invalid_signature, from, statement->pledge(), {statement}, false, out);
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
void Pbft::compare(AgentId voter, const std::shared_ptr<const Vote>& vote, const PbftSlot& slot, Outbox& out) {
  const std::uint32_t rank = group_.replicas.rank(voter);
  const auto against = [&](const auto& before) {
    if (before && before->digest != vote->digest) accuse_of_two(voter, before, vote, out);
  };
  against(slot.prepares.of(rank));
  against(slot.commits.of(rank));
  if (voter == primary()) against(slot.proposal);
}

}  // namespace conclave
