// What a PBFT replica remembers of the slots between its watermarks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/quorum.hpp"
#include "protocols/consensus/pbft/messages.hpp"

namespace conclave {

/// The votes of one phase of a slot: the first of each replica counts, for the digest that it names.
template <class Vote>
class Ballots {
 public:
  using VotePtr = std::shared_ptr<const Vote>;

  /// Counts a vote; false if its replica has voted before.
  bool add(std::uint32_t rank, std::uint32_t n, const VotePtr& vote) {
    if (!voted_.add(rank, n)) return false;
    if (votes_.empty()) votes_.resize(n);
    votes_[rank] = vote;
    for (Ballot& ballot : ballots_)
      if (ballot.digest == vote->digest) return ballot.voters.add(rank, n);
    ballots_.push_back({vote->digest, {}});
    return ballots_.back().voters.add(rank, n);
  }
  /// Who has voted for this digest.
  const VoteSet& voters(const Digest& digest) const {
    for (const Ballot& ballot : ballots_)
      if (ballot.digest == digest) return ballot.voters;
    static const VoteSet nobody;
    return nobody;
  }
  /// The votes for this digest, in order of rank.
  std::vector<VotePtr> votes(const Digest& digest) const {
    std::vector<VotePtr> chosen;
    for (const VotePtr& vote : votes_)
      if (vote && vote->digest == digest) chosen.push_back(vote);
    return chosen;
  }
  /// The vote of one replica, or nullptr.
  VotePtr of(std::uint32_t rank) const { return rank < votes_.size() ? votes_[rank] : nullptr; }
  /// Lets the votes go that prove who voted, keeps the count.
  void forget_votes() { votes_ = {}; }

 private:
  struct Ballot {
    Digest digest;
    VoteSet voters;
  };
  VoteSet voted_;
  std::vector<VotePtr> votes_;   ///< by rank; empty before the first vote
  std::vector<Ballot> ballots_;  ///< more than one means that somebody lies
};

/// One sequence number.
struct PbftSlot {
  // In the current view.
  PbftProposalPtr proposal;  ///< the accepted one; a new view can name a batch that the replica has yet to see
  Ballots<PbftPrepare> prepares;
  Ballots<PbftCommit> commits;
  std::shared_ptr<const PbftCommit> own_commit;
  bool prepared = false;
  bool committed = false;

  // Over all views.
  PbftPreparedPtr certificate;    ///< of the latest view in which it was prepared
  std::vector<BatchPtr> batches;  ///< of every proposal that was accepted, see keep()
  std::optional<Digest> decided;

  /// Forgets the view that ends, but for the batches.
  void leave_view() {
    proposal.reset();
    prepares = {};
    commits = {};
    own_commit.reset();
    prepared = committed = false;
  }
  /// Keeps a batch until the slot is stable, one a view at most. Whoever has sent a prepare must be able to show its
  /// batch for so long: a certificate that nobody knows of yet may rest on it, and a later view bring its digest back.
  void keep(BatchPtr batch) {
    if (!find_batch(batch->digest())) batches.push_back(std::move(batch));
  }
  /// The batch with this digest, if it is known from this view or one before.
  BatchPtr find_batch(const Digest& digest) const {
    for (const BatchPtr& known : batches)
      if (known->digest() == digest) return known;
    return nullptr;
  }
};

}  // namespace conclave
