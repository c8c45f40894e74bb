// A replica's log in Raft: entries counted from 1, each with the term of the leader that made it. If two logs hold an
// entry with the same index and term, they are equal up to there (Log Matching, section 5.3): a replica accepts entries
// only behind an entry that it has, so this follows by induction.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/digest.hpp"
#include "protocols/consensus/raft_messages.hpp"

namespace conclave {

/// What a slot that holds no request decides.
inline Digest no_op_digest() {
  return Digest::of("no-op");
}

class RaftLog {
 public:
  struct Slot {
    RaftEntry entry;
    Digest digest;  ///< of the request, or no_op_digest()
  };

  std::uint64_t last_index() const { return slots_.size(); }
  std::uint64_t last_term() const { return term_at(last_index()); }
  /// 0 where the log has no entry: before its beginning and behind its end.
  std::uint64_t term_at(std::uint64_t index) const {
    return index == 0 || index > last_index() ? 0 : slots_[index - 1].entry.term;
  }
  bool holds(std::uint64_t index, std::uint64_t term) const { return index <= last_index() && term_at(index) == term; }
  /// Requires 1 <= index <= last_index().
  const Slot& at(std::uint64_t index) const { return slots_[index - 1]; }

  /// Returns the new last index.
  std::uint64_t append(const RaftEntry& entry) {
    slots_.push_back({entry, entry.request ? entry.request->digest() : no_op_digest()});
    return last_index();
  }
  /// Forgets `index` and all behind it.
  void truncate(std::uint64_t index) { slots_.resize(std::min<std::size_t>(slots_.size(), index - 1)); }
  /// At most `count` entries from `index` on.
  std::vector<RaftEntry> slice(std::uint64_t index, std::uint64_t count) const {
    std::vector<RaftEntry> entries;
    for (; index <= last_index() && entries.size() < count; index++) entries.push_back(at(index).entry);
    return entries;
  }

  /// True if a log that ends with (index, term) lacks nothing that this one has been promised to keep (section 5.4.1).
  bool not_ahead_of(std::uint64_t index, std::uint64_t term) const {
    return term != last_term() ? term > last_term() : index >= last_index();
  }

  /// Where the run of entries begins that have the term of `index`. Requires 1 <= index <= last_index().
  std::uint64_t first_of_term_at(std::uint64_t index) const {
    while (index > 1 && term_at(index - 1) == term_at(index)) index--;
    return index;
  }
  /// The last entry of a term that is not behind `until`; 0 if there is none.
  std::uint64_t last_of_term(std::uint64_t term, std::uint64_t until) const {
    std::uint64_t index = std::min(until, last_index());
    while (index > 0 && term_at(index) > term) index--;
    return index > 0 && term_at(index) == term ? index : 0;
  }

 private:
  std::vector<Slot> slots_;
};

}  // namespace conclave
