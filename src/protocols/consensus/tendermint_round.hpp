// What a replica of Tendermint has heard of one round: proposals, votes by phase and value, and who lies.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/quorum.hpp"
#include "protocols/consensus/tendermint_messages.hpp"

namespace conclave {

/// The votes of one phase of a round by value. A voter that signs two votes counts for both values, as in the paper:
/// were only its first vote counted, a liar could let one replica see a polka that no other can ever see. Its second
/// vote counts only for a value that somebody else has voted for, so that it cannot fill the memory.
class TendermintTally {
 public:
  struct Ballot {
    std::optional<Digest> value;  ///< none: nil
    VoteSet voters;
  };

  /// True if this voter has voted for something.
  bool contains(std::uint32_t rank) const { return voters_.contains(rank); }
  void add(std::uint32_t rank, std::uint32_t n, TendermintVotePtr vote) {
    Ballot* ballot = find(vote->value);
    if (!ballot && contains(rank)) return;
    if (!ballot) ballot = &ballots_.emplace_back(Ballot{vote->value, {}});
    voters_.add(rank, n);
    if (ballot->voters.add(rank, n)) votes_.push_back(std::move(vote));
  }
  /// How many have voted for whatever.
  std::uint32_t count() const { return voters_.count(); }
  /// How many have voted for this.
  std::uint32_t count(const std::optional<Digest>& value) const {
    for (const Ballot& ballot : ballots_)
      if (ballot.value == value) return ballot.voters.count();
    return 0;
  }
  /// What so many have voted for, or nullptr. With a quorum there is one at most.
  const Ballot* with(std::uint32_t voters) const {
    for (const Ballot& ballot : ballots_)
      if (ballot.voters.count() >= voters) return &ballot;
    return nullptr;
  }
  /// The voter's vote if it is for something else, or nullptr.
  TendermintVotePtr conflicting(const TendermintVote& vote) const {
    for (const TendermintVotePtr& first : votes_)
      if (first->signature.signer == vote.signature.signer && first->value != vote.value) return first;
    return nullptr;
  }
  const std::vector<TendermintVotePtr>& votes() const { return votes_; }
  const std::vector<Ballot>& ballots() const { return ballots_; }

 private:
  Ballot* find(const std::optional<Digest>& value) {
    for (Ballot& known : ballots_)
      if (known.value == value) return &known;
    return nullptr;
  }

  VoteSet voters_;
  std::vector<Ballot> ballots_;
  std::vector<TendermintVotePtr> votes_;
};

struct TendermintRound {
  struct Proposed {
    Digest digest;
    std::string fault;  ///< why the value is not acceptable; empty if it is
    TendermintProposalPtr proposal;
    /// The paper's valid(v).
    bool valid() const { return fault.empty(); }
  };

  std::vector<Proposed> proposals;  ///< more than one means that the proposer lies
  TendermintTally prevotes, precommits;
  VoteSet heard;                  ///< whose messages of this round have arrived
  bool polka_handled = false;     ///< line 36: for the first time
  bool prevote_waited = false;    ///< line 34: for the first time
  bool precommit_waited = false;  ///< line 47: for the first time

  TendermintTally& tally(TendermintPhase phase) { return phase == TendermintPhase::prevote ? prevotes : precommits; }
  const TendermintTally& tally(TendermintPhase phase) const {
    return phase == TendermintPhase::prevote ? prevotes : precommits;
  }
  const Proposed* find(const Digest& digest) const {
    const auto found =
        std::find_if(proposals.begin(), proposals.end(), [&](const Proposed& known) { return known.digest == digest; });
    return found == proposals.end() ? nullptr : &*found;
  }
};

/// The rounds of one height.
using TendermintRounds = std::map<std::uint32_t, TendermintRound>;

}  // namespace conclave
