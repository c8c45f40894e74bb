// What consensus protocols emit: the vocabulary shared by all of them, by their checkers and by their outcome.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

/// A client has asked the group to execute an operation. The digest names the request from here on.
struct RequestIssued : RecordOf<RequestIssued> {
  static constexpr std::string_view kName = "request_issued";
  std::uint64_t request = 0;  ///< the client's own number, from 1
  Digest digest;
  bool read_only = false;  ///< it need not be ordered, for it changes nothing
  static void fields(auto& self, auto& field) {
    field("request", self.request);
    field("digest", self.digest);
    field("read_only", self.read_only);
  }
};

/// A leader has proposed a value for a slot.
struct Proposed : RecordOf<Proposed> {
  static constexpr std::string_view kName = "proposed";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
  }
};

/// A replica will not vote for a proposal, and says why: `digest mismatch`, `outside the watermarks`…
struct ProposalRefused : RecordOf<ProposalRefused> {
  static constexpr std::string_view kName = "proposal_refused";
  AgentId proposer = kNobody;
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  std::string reason;
  static void fields(auto& self, auto& field) {
    field("proposer", self.proposer);
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("reason", self.reason);
  }
};

/// A replica has cast its vote in a phase of a slot: `prepare`, `commit`, `prevote`… Proposing may be voting.
struct Voted : RecordOf<Voted> {
  static constexpr std::string_view kName = "voted";
  std::string phase;
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  static void fields(auto& self, auto& field) {
    field("phase", self.phase);
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
  }
};

/// A replica has seen a quorum vote for one digest in a phase.
struct Certified : RecordOf<Certified> {
  static constexpr std::string_view kName = "certified";
  std::string phase;
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  AgentId group_first = kNobody;      ///< first agent of the group whose votes these are
  std::vector<std::uint64_t> voters;  ///< as VoteSet::words(): bit r is the agent of rank r in the group
  static void fields(auto& self, auto& field) {
    field("phase", self.phase);
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("group_first", self.group_first);
    field("voters", self.voters);
  }
};

/// A replica has given up on a phase: what it waited for did not come in time.
struct PhaseTimedOut : RecordOf<PhaseTimedOut> {
  static constexpr std::string_view kName = "phase_timed_out";
  std::string phase;
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  static void fields(auto& self, auto& field) {
    field("phase", self.phase);
    field("view", self.view);
    field("sequence", self.sequence);
  }
};

/// A replica has entered a view (a term, a round), led by `leader`; kNobody where nobody leads yet.
struct ViewEntered : RecordOf<ViewEntered> {
  static constexpr std::string_view kName = "view_entered";
  std::uint64_t view = 0;
  AgentId leader = kNobody;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("leader", self.leader);
  }
};

/// A replica's state up to and including `sequence` is stable: what lies before it may be forgotten.
struct Checkpointed : RecordOf<Checkpointed> {
  static constexpr std::string_view kName = "checkpointed";
  std::uint64_t sequence = 0;
  Digest state;
  static void fields(auto& self, auto& field) {
    field("sequence", self.sequence);
    field("state", self.state);
  }
};

/// Ways to break a consensus protocol.
enum class Offence : std::uint8_t {
  invalid_signature,         ///< a signature that does not fit what it signs
  inconsistent_attestation,  ///< a vote for something else than what was proposed
  equivocation,              ///< two different statements where one is allowed
  replay,                    ///< an old statement, said again where it no longer holds
  bad_view,                  ///< a statement for a view that it cannot be in, or from one who does not lead it
  bad_sequence,              ///< a slot outside of what is allowed
  invalid_proposal,          ///< a proposal that its data context refuses
  invalid_certificate,       ///< a proof that proves nothing
};
inline constexpr std::string_view kOffenceNames[] = {
    "invalid signature", "inconsistent attestation", "equivocation",       "replay", "bad view",
    "bad sequence",      "invalid proposal",         "invalid certificate"};

/// A replica has caught another one lying. The evidence is signed statements of the accused; when `transferable`,
/// anyone who has the public keys can verify from it alone that the accused broke the protocol. When not, it convinces
/// only the accuser, who knows from the network who sent what.
struct Accused : RecordOf<Accused> {
  static constexpr std::string_view kName = "accused";
  AgentId accused = kNobody;
  Offence offence{};
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  bool transferable = false;
  std::vector<RecordPtr> evidence;
  static void fields(auto& self, auto& field) {
    field("accused", self.accused);
    field("offence", self.offence);
    field("view", self.view);
    field("sequence", self.sequence);
    field("transferable", self.transferable);
    field("evidence", self.evidence);
  }
};

/// A replica knows that a slot's value can never change.
struct Decided : RecordOf<Decided> {
  static constexpr std::string_view kName = "decided";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
  }
};

/// A replica has applied a request to its state. A slot holds a batch of them, executed one after the other; `digest`
/// is the slot's, `request_digest` the request's own, `result` what the client is told. This is the decision, not
/// `Decided`: it comes in the order of the slots, and does not say in which view.
struct Executed : RecordOf<Executed> {
  static constexpr std::string_view kName = "executed";
  static constexpr bool kDecision = true;
  std::uint64_t sequence = 0;
  AgentId client = kNobody;
  std::uint64_t request = 0;
  Digest digest;
  Digest request_digest;
  Digest result;
  static void fields(auto& self, auto& field) {
    field("sequence", self.sequence);
    field("client", self.client);
    field("request", self.request);
    field("digest", self.digest);
    field("request_digest", self.request_digest);
    field("result", self.result);
  }
};

/// A client has accepted the answer to its request.
struct RequestCompleted : RecordOf<RequestCompleted> {
  static constexpr std::string_view kName = "request_completed";
  static constexpr bool kDecision = true;
  std::uint64_t request = 0;
  Digest result;
  static void fields(auto& self, auto& field) {
    field("request", self.request);
    field("result", self.result);
  }
};

}  // namespace conclave
