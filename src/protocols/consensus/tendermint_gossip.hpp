// Gossip of Tendermint: what a replica has heard of a height, told in short, and what another one lacks of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ids.hpp"
#include "protocols/consensus/tendermint_messages.hpp"
#include "protocols/consensus/tendermint_round.hpp"

namespace conclave {

/// Votes in one answer; the rest next time.
inline constexpr std::size_t kGossipMax = 4096;

/// What the rounds of a height hold.
inline std::vector<TendermintHeld> held_of(const TendermintRounds& rounds) {
  std::vector<TendermintHeld> all;
  for (const auto& [number, round] : rounds) {
    TendermintHeld& held = all.emplace_back();
    held.round = number;
    for (const TendermintPhase phase : {TendermintPhase::prevote, TendermintPhase::precommit})
      for (const TendermintTally::Ballot& ballot : round.tally(phase).ballots())
        held.votes.push_back({.phase = phase, .value = ballot.value, .voters = ballot.voters.words()});
    for (const TendermintRound::Proposed& proposed : round.proposals) held.values.push_back(proposed.digest);
  }
  return all;
}

/// What `rounds` have and one who holds `held` lacks. `group` is the replicas.
inline TendermintGossip missing_of(const TendermintRounds& rounds, const std::vector<TendermintHeld>& held,
                                   AgentRange group) {
  TendermintGossip missing;
  const auto has = [&](const TendermintHeld& known, const TendermintVote& vote) {
    const std::uint32_t rank = group.rank(vote.signature.signer);
    for (const TendermintHeldVotes& votes : known.votes)
      if (votes.phase == vote.phase && votes.value == vote.value)
        return rank / 64 < votes.voters.size() && (votes.voters[rank / 64] >> (rank % 64) & 1) != 0;
    return false;
  };
  for (const auto& entry : rounds) {
    const TendermintRound& round = entry.second;
    TendermintHeld known;
    for (const TendermintHeld& other : held)
      if (other.round == entry.first) known = other;
    for (const TendermintRound::Proposed& proposed : round.proposals)
      if (std::find(known.values.begin(), known.values.end(), proposed.digest) == known.values.end())
        missing.proposals.push_back(proposed.proposal);
    for (const TendermintPhase phase : {TendermintPhase::prevote, TendermintPhase::precommit})
      for (const TendermintVotePtr& vote : round.tally(phase).votes())
        if (missing.votes.size() < kGossipMax && !has(known, *vote)) missing.votes.push_back(vote);
  }
  return missing;
}

}  // namespace conclave
