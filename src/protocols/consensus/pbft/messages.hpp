// The messages of PBFT, sections 4.2 to 4.4 of the paper. What is signed is signed by its sender over all its fields.
// The paper's C and P, sets of signed messages that all say the same, travel as what is said once and a QuorumProof.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/evidence.hpp"
#include "core/quorum_proof.hpp"
#include "core/record.hpp"
#include "core/signature.hpp"
#include "protocols/consensus/batch.hpp"
#include "protocols/consensus/pbft/vote_book.hpp"
#include "protocols/consensus/service.hpp"

namespace conclave {

// The normal case.

/// <PRE-PREPARE, v, n, d>, what the primary signs: it proposes the batch with digest d for sequence number n.
struct PbftProposal : RecordOf<PbftProposal> {
  static constexpr std::string_view kName = "proposal";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  Signature signature;
  PbftBooks books;  ///< where its votes are written down
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("signature", self.signature);
  }
  Pledge pledge() const { return {"pbft slot", view, sequence, digest}; }
  bool forbidden(AgentId signer, Court& court) const;
};
using PbftProposalPtr = std::shared_ptr<const PbftProposal>;

/// <<PRE-PREPARE, v, n, d>, m>: a proposal and the batch that it names. Anyone may pass it on.
struct PbftPrePrepare : RecordOf<PbftPrePrepare> {
  static constexpr std::string_view kName = "pre_prepare";
  PbftProposalPtr proposal;
  BatchPtr batch;
  static void fields(auto& self, auto& field) {
    field("proposal", self.proposal);
    field("batch", self.batch);
  }
  Pledge pledge() const { return proposal->pledge(); }
  bool signed_by(AgentId signer, Court& court) const;
  bool forbidden(AgentId signer, Court& court) const;
};

/// <PREPARE, v, n, d, i>: a backup has accepted the proposal.
struct PbftPrepare : RecordOf<PbftPrepare> {
  static constexpr std::string_view kName = "prepare";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  Signature signature;
  BookMark<PbftPrepare> mark;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("signature", self.signature);
  }
  Pledge pledge() const { return {"pbft slot", view, sequence, digest}; }
};

/// <COMMIT, v, n, d, i>: a replica is prepared.
struct PbftCommit : RecordOf<PbftCommit> {
  static constexpr std::string_view kName = "commit";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  Signature signature;
  BookMark<PbftCommit> mark;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("signature", self.signature);
  }
  Pledge pledge() const { return {"pbft slot", view, sequence, digest}; }
};

/// A commit with an authenticator instead of a signature: a MAC for each replica. Who receives it knows who has sent
/// it, and cannot show that to anyone. No certificate holds commits, so nobody needs to.
struct PbftMacCommit : RecordOf<PbftMacCommit> {
  static constexpr std::string_view kName = "mac_commit";
  std::uint64_t view = 0;
  std::uint64_t sequence = 0;
  Digest digest;
  Filler macs;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("macs", self.macs);
  }
};

/// The batch of a slot, for a replica that has seen votes for it and not the batch.
struct PbftContent : RecordOf<PbftContent> {
  static constexpr std::string_view kName = "content";
  std::uint64_t sequence = 0;
  BatchPtr batch;
  static void fields(auto& self, auto& field) {
    field("sequence", self.sequence);
    field("batch", self.batch);
  }
};

// Checkpoints.

/// <CHECKPOINT, n, d, i>: after slot n, the digest of the replica's state is d.
struct PbftCheckpoint : RecordOf<PbftCheckpoint> {
  static constexpr std::string_view kName = "checkpoint";
  std::uint64_t sequence = 0;
  Digest digest;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("signature", self.signature);
  }
  Pledge pledge() const { return {"pbft checkpoint", 0, sequence, digest}; }
};

/// A stable checkpoint and its proof: a quorum has signed it. The paper's C.
struct PbftStable : RecordOf<PbftStable> {
  static constexpr std::string_view kName = "stable_checkpoint";
  std::uint64_t sequence = 0;
  Digest digest;
  QuorumProof proof;
  static void fields(auto& self, auto& field) {
    field("sequence", self.sequence);
    field("digest", self.digest);
    field("proof", self.proof);
  }
};
using PbftStablePtr = std::shared_ptr<const PbftStable>;

/// The sender wants the state of the receiver's stable checkpoint, if that is beyond what it has executed.
struct PbftFetch : RecordOf<PbftFetch> {
  static constexpr std::string_view kName = "fetch";
  std::uint64_t executed = 0;
  static void fields(auto& self, auto& field) { field("executed", self.executed); }
};

/// The state of a stable checkpoint.
struct PbftState : RecordOf<PbftState> {
  static constexpr std::string_view kName = "state";
  PbftStablePtr stable;
  ServiceStatePtr state;
  Filler content;  ///< what the service would have to send besides
  static void fields(auto& self, auto& field) {
    field("stable", self.stable);
    field("state", self.state);
    field("content", self.content);
  }
};

// View changes.

/// A certificate that a slot was prepared: the primary's proposal and 2f prepares of backups. A member of the paper's
/// P.
struct PbftPrepared : RecordOf<PbftPrepared> {
  static constexpr std::string_view kName = "prepared";
  PbftProposalPtr proposal;
  QuorumProof prepares;
  static void fields(auto& self, auto& field) {
    field("proposal", self.proposal);
    field("prepares", self.prepares);
  }
};
using PbftPreparedPtr = std::shared_ptr<const PbftPrepared>;

/// <VIEW-CHANGE, v, n, C, P, i>: the sender has given up on all views before v. `stable` is null for the state at the
/// start; `prepared` is in the order of sequence numbers.
struct PbftViewChange : RecordOf<PbftViewChange> {
  static constexpr std::string_view kName = "view_change";
  std::uint64_t view = 0;
  PbftStablePtr stable;
  std::vector<PbftPreparedPtr> prepared;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("stable", self.stable);
    field("prepared", self.prepared);
    field("signature", self.signature);
  }
  std::uint64_t stable_sequence() const { return stable ? stable->sequence : 0; }
  Pledge pledge() const { return {"pbft view change", view, 0, Digest::of(encode().bytes)}; }
  bool forbidden(AgentId signer, Court& court) const;
};
using PbftViewChangePtr = std::shared_ptr<const PbftViewChange>;

/// <NEW-VIEW, v, V, O>: the primary of view v has a quorum that wants it, V, and proposes again what may have been
/// decided before, O. Anyone may pass it on.
struct PbftNewView : RecordOf<PbftNewView> {
  static constexpr std::string_view kName = "new_view";
  std::uint64_t view = 0;
  std::vector<PbftViewChangePtr> view_changes;
  std::vector<PbftProposalPtr> proposals;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("view_changes", self.view_changes);
    field("proposals", self.proposals);
    field("signature", self.signature);
  }
  Pledge pledge() const { return {"pbft new view", view, 0, Digest::of(encode().bytes)}; }
  bool forbidden(AgentId signer, Court& court) const;
};
using PbftNewViewPtr = std::shared_ptr<const PbftNewView>;

// Recovery.

/// Where the sender stands, for it makes no progress: whoever has what it lacks should send it again.
struct PbftStatus : RecordOf<PbftStatus> {
  static constexpr std::string_view kName = "status";
  /// A slot whose digest the sender knows and whose batch it does not.
  struct Missing {
    std::uint64_t sequence = 0;
    Digest digest;
    static void fields(auto& self, auto& field) {
      field("sequence", self.sequence);
      field("digest", self.digest);
    }
  };
  std::uint64_t view = 0;
  bool active = false;  ///< not waiting for the new view
  std::uint64_t stable = 0;
  std::uint64_t executed = 0;
  std::uint64_t highest = 0;  ///< slot of which it has heard
  std::uint64_t attempt = 0;  ///< moves on those who send what everyone has
  std::vector<Missing> missing;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("active", self.active);
    field("stable", self.stable);
    field("executed", self.executed);
    field("highest", self.highest);
    field("attempt", self.attempt);
    field("missing", self.missing);
  }
};

}  // namespace conclave
