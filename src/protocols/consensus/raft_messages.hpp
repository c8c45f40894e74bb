// The messages of Raft: figure 2 of Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", USENIX
// ATC 2014, with the pre-vote of Ongaro's thesis (2014), section 9.6. They carry no signatures: Raft bears crashes, no
// lies, and the network says who sent a message.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/record.hpp"
#include "protocols/consensus/client_messages.hpp"

namespace conclave {

/// One place of the log. Without a request it is a no-op, with which a leader begins its term.
struct RaftEntry {
  std::uint64_t term = 0;  ///< of the leader that made it
  ClientRequestPtr request;
  static void fields(auto& self, auto& field) {
    field("term", self.term);
    field("request", self.request);
  }
};

/// RequestVote: the sender wants to lead `term`. As a pre-vote it only asks whether it could win.
struct RaftRequestVote : RecordOf<RaftRequestVote> {
  static constexpr std::string_view kName = "request_vote";
  std::uint64_t term = 0;
  std::uint64_t last_index = 0;  ///< of the candidate's log
  std::uint64_t last_term = 0;
  bool pre_vote = false;
  static void fields(auto& self, auto& field) {
    field("term", self.term);
    field("last_index", self.last_index);
    field("last_term", self.last_term);
    field("pre_vote", self.pre_vote);
  }
};

/// The answer. `term` is the voter's, and that of the question when a pre-vote is granted.
struct RaftRequestVoteReply : RecordOf<RaftRequestVoteReply> {
  static constexpr std::string_view kName = "request_vote_reply";
  std::uint64_t term = 0;
  bool granted = false;
  bool pre_vote = false;
  static void fields(auto& self, auto& field) {
    field("term", self.term);
    field("granted", self.granted);
    field("pre_vote", self.pre_vote);
  }
};

/// AppendEntries: `entries` follow the entry (previous_index, previous_term). Without entries it is a heartbeat.
struct RaftAppendEntries : RecordOf<RaftAppendEntries> {
  static constexpr std::string_view kName = "append_entries";
  std::uint64_t term = 0;
  std::uint64_t previous_index = 0;
  std::uint64_t previous_term = 0;
  std::uint64_t commit = 0;  ///< the leader's commit index
  std::vector<RaftEntry> entries;
  static void fields(auto& self, auto& field) {
    field("term", self.term);
    field("previous_index", self.previous_index);
    field("previous_term", self.previous_term);
    field("commit", self.commit);
    field("entries", self.entries);
  }
};

/// The answer. When it has failed because of the log, it says where the leader should try next (section 5.3, end).
struct RaftAppendEntriesReply : RecordOf<RaftAppendEntriesReply> {
  static constexpr std::string_view kName = "append_entries_reply";
  std::uint64_t term = 0;
  bool success = false;
  std::uint64_t previous_index = 0;  ///< that of the question: tells answers apart
  std::uint64_t match = 0;           ///< on success: the log is the leader's up to here
  std::uint64_t conflict_term = 0;   ///< on failure: the term of the entry at previous_index; 0 if there is none
  std::uint64_t conflict_index = 0;  ///< on failure: the first entry of that term, or the end of the log
  static void fields(auto& self, auto& field) {
    field("term", self.term);
    field("success", self.success);
    field("previous_index", self.previous_index);
    field("match", self.match);
    field("conflict_term", self.conflict_term);
    field("conflict_index", self.conflict_index);
  }
};

}  // namespace conclave
