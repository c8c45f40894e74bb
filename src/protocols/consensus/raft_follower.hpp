// What a leader of Raft knows of one follower, and what it sends next: the paper's nextIndex and matchIndex, with the
// two ways of sending that implementations have.
//
//   probing    where the logs part is not known: one message at a time, again with every heartbeat
//   streaming  entries are sent as they come, without waiting for answers, up to a window
//
// A lost or overtaken message shows when the follower refuses the next one: then it is probed from where its log ends.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/time.hpp"
#include "protocols/consensus/raft_log.hpp"
#include "protocols/consensus/raft_messages.hpp"

namespace conclave {

struct RaftFollower {
  std::uint64_t next = 1;   ///< first entry not sent yet
  std::uint64_t match = 0;  ///< its log is the leader's up to here
  bool probing = true;
  bool answered = true;  ///< the last probe
  Time heard{};          ///< when it last answered

  bool full(std::uint32_t window) const { return !probing && next > match + window; }
  bool wants_more(const RaftLog& log, std::uint32_t window) const {
    return next <= log.last_index() && (probing ? answered : !full(window));
  }

  /// The first entry that the next message holds, of `count` at most; notes that it is on its way.
  std::uint64_t take_turn(const RaftLog& log, std::uint32_t count) {
    if (probing) {
      answered = false;
      return next;
    }
    return std::exchange(next, std::min(log.last_index() + 1, next + count));
  }

  void probe_from(std::uint64_t first) {
    next = first;
    probing = answered = true;
  }

  /// It has accepted a message, and `match` is up to date.
  void go_on() { next = std::exchange(probing, false) ? match + 1 : std::max(next, match + 1); }

  /// It has refused a message: back to where the logs may agree, a whole term at a time (section 5.3, end). False if
  /// the answer is to an older question.
  bool back_up(const RaftAppendEntriesReply& reply, const RaftLog& log) {
    if (reply.previous_index <= match || (probing && reply.previous_index + 1 != next)) return false;
    const std::uint64_t shared = reply.conflict_term ? log.last_of_term(reply.conflict_term, reply.previous_index) : 0;
    probe_from(std::clamp(shared ? shared + 1 : reply.conflict_index, match + 1, reply.previous_index));
    return true;
  }
};

}  // namespace conclave
