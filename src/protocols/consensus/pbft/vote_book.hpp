// One table of votes for all replicas.
//
// A replica keeps the votes for a proposal, because they prove that it is prepared. Each of n replicas would have a
// table of n votes, though a broadcast vote is one object for all who receive it. So the table is one as well: the
// *book* of the proposal, in which a vote is written down by the first replica that receives it. Each replica still
// knows only what it has heard: it remembers in bits of its own whose votes it has received, and asks the book for no
// others. A vote that the book does not have, for whatever reason, the replica keeps apart.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "core/digest.hpp"

namespace conclave {

/// The votes for one proposal in one phase, one of each replica at most. Replicas on several threads may share it.
template <class Vote>
class VoteBook {
 public:
  VoteBook(const Digest& digest, std::uint32_t replicas)
      : digest_(digest), entries_(std::make_unique<Entry[]>(replicas)) {}

  /// What the votes are for.
  const Digest& digest() const { return digest_; }
  /// True if this very vote stands in the book now; false if another vote of its replica does, or nearly so. `share`
  /// gives the pointer to it, and is only asked the first time.
  template <class Share>
  bool keep(std::uint32_t rank, const Vote& vote, const Share& share) {
    Entry& entry = entries_[rank];
    State state = entry.state.load(std::memory_order_acquire);
    if (state == State::empty &&
        entry.state.compare_exchange_strong(state, State::writing, std::memory_order_acquire)) {
      entry.vote = share();
      entry.state.store(State::kept, std::memory_order_release);
      return true;
    }
    return state == State::kept && entry.vote.get() == &vote;
  }
  /// Requires that keep() was true for this rank.
  const std::shared_ptr<const Vote>& at(std::uint32_t rank) const { return entries_[rank].vote; }

 private:
  enum class State : std::uint8_t { empty, writing, kept };
  struct Entry {
    std::atomic<State> state{State::empty};
    std::shared_ptr<const Vote> vote;
  };
  const Digest digest_;
  const std::unique_ptr<Entry[]> entries_;  ///< by rank
};

/// Tells who receives a vote in which book it belongs. Not part of the vote's value: a copy, which may be altered, has
/// none, and neither has what was read from bytes.
template <class Vote>
class BookMark {
 public:
  BookMark() = default;
  BookMark(const BookMark&) {}
  BookMark& operator=(const BookMark&) {
    book_.reset();
    return *this;
  }
  /// For the maker of the vote, before anyone else has it.
  void set(const std::shared_ptr<VoteBook<Vote>>& book) const { book_ = book; }
  std::shared_ptr<VoteBook<Vote>> book() const { return book_.lock(); }

 private:
  mutable std::weak_ptr<VoteBook<Vote>> book_;  // the book has the votes
};

struct PbftPrepare;
struct PbftCommit;

/// The books of a proposal. Like a mark they are no part of its value.
class PbftBooks {
 public:
  PbftBooks() = default;
  PbftBooks(const PbftBooks&) {}
  PbftBooks& operator=(const PbftBooks&) {
    prepares_.reset();
    commits_.reset();
    return *this;
  }
  /// For the maker of the proposal, before anyone else has it.
  void open(const Digest& digest, std::uint32_t replicas) const {
    prepares_ = std::make_shared<VoteBook<PbftPrepare>>(digest, replicas);
    commits_ = std::make_shared<VoteBook<PbftCommit>>(digest, replicas);
  }
  /// Null for a proposal without books.
  const std::shared_ptr<VoteBook<PbftPrepare>>& prepares() const { return prepares_; }
  const std::shared_ptr<VoteBook<PbftCommit>>& commits() const { return commits_; }

 private:
  mutable std::shared_ptr<VoteBook<PbftPrepare>> prepares_;
  mutable std::shared_ptr<VoteBook<PbftCommit>> commits_;
};

}  // namespace conclave
