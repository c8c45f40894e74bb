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
#include "protocols/consensus/pbft/vote_book.hpp"

namespace conclave {

/// The votes of one phase of a slot: the first of each replica counts, for the digest that it names.
template <class Vote>
class Ballots {
 public:
  using VotePtr = std::shared_ptr<const Vote>;
  using BookPtr = std::shared_ptr<VoteBook<Vote>>;

  /// Counts a vote, which `body` holds; false if its replica has voted before.
  bool add(std::uint32_t rank, std::uint32_t n, const Vote& vote, const RecordPtr& body) {
    if (!voted_.add(rank, n)) return false;
    keep(rank, n, vote, body);
    for (Ballot& ballot : ballots_)
      if (ballot.digest == vote.digest) return ballot.voters.add(rank, n);
    ballots_.push_back({vote.digest, {}});
    return ballots_.back().voters.add(rank, n);
  }
  bool add(std::uint32_t rank, std::uint32_t n, const VotePtr& vote) { return add(rank, n, *vote, vote); }
  /// Keeps votes in this book from now on, if it has none yet. It may be null.
  void use(const BookPtr& book) {
    if (!book_) book_ = book;
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
    for (std::uint32_t rank = 0; rank < 64 * kept_.words().size(); rank++)
      if (const VotePtr& vote = of(rank); vote && vote->digest == digest) chosen.push_back(vote);
    return chosen;
  }
  /// The vote of one replica, or nullptr.
  const VotePtr& of(std::uint32_t rank) const {
    static const VotePtr none;
    if (!kept_.contains(rank)) return none;
    if (!apart_.empty()) {
      const auto vote = apart_.find(rank);
      if (vote != apart_.end()) return vote->second;
    }
    return book_->at(rank);
  }
  /// True if the replica's vote is for another digest.
  bool contradict(std::uint32_t rank, const Digest& digest) const {
    if (!kept_.contains(rank)) return false;
    return (apart_.empty() ? book_->digest() : of(rank)->digest) != digest;
  }
  /// Lets the votes go that prove who voted, keeps the count.
  void forget_votes() {
    kept_ = {};
    apart_.clear();
    book_.reset();
  }

 private:
  struct Ballot {
    Digest digest;
    VoteSet voters;
  };

  void keep(std::uint32_t rank, std::uint32_t n, const Vote& vote, const RecordPtr& body) {
    kept_.add(rank, n);
    const auto share = [&body] { return std::static_pointer_cast<const Vote>(body); };
    if constexpr (requires { vote.mark; }) {
      if (!book_) book_ = vote.mark.book();
      if (book_ && book_->digest() == vote.digest && book_->keep(rank, vote, share)) return;
    }
    apart_[rank] = share();
  }

  VoteSet voted_;
  VoteSet kept_;                            ///< of whom the vote is still known
  BookPtr book_;                            ///< where it stands; null before the first
  std::map<std::uint32_t, VotePtr> apart_;  ///< or here, by rank
  std::vector<Ballot> ballots_;             ///< more than one means that somebody lies
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
