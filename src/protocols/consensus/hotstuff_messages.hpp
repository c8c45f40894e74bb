// The messages of chained HotStuff. What is signed is small: a vote, a timeout, a block. Certificates prove that a
// quorum has signed one vote or one timeout, to anyone who holds the public keys.
#pragma once

#include <compare>
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

namespace conclave {

/// What names a block: its place in the chain and its digest. The genesis block is {0, zero}.
struct BlockName {
  std::uint64_t height = 0;
  Digest digest;
  auto operator<=>(const BlockName&) const = default;
  static void fields(auto& self, auto& field) {
    field("height", self.height);
    field("digest", self.digest);
  }
};

/// voteMsg(generic, b): the signer has accepted block b in this view.
struct HotStuffVote : RecordOf<HotStuffVote> {
  static constexpr std::string_view kName = "hotstuff_vote";
  std::uint64_t view = 0;
  BlockName block;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("block", self.block);
    field("signature", self.signature);
  }
  Pledge pledge() const { return {"hotstuff vote", view, 0, block.digest}; }
};

/// A quorum certificate: n - f replicas have voted for the block. The genesis block needs no votes.
struct HotStuffCertificate : RecordOf<HotStuffCertificate> {
  static constexpr std::string_view kName = "hotstuff_certificate";
  std::uint64_t view = 0;
  BlockName block;
  QuorumProof proof;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("block", self.block);
    field("proof", self.proof);
  }
  bool genesis() const { return view == 0 && block == BlockName{}; }
};
using HotStuffCertificatePtr = std::shared_ptr<const HotStuffCertificate>;

/// The signer has given up on the view.
struct HotStuffTimeout : RecordOf<HotStuffTimeout> {
  static constexpr std::string_view kName = "hotstuff_timeout";
  std::uint64_t view = 0;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("signature", self.signature);
  }
};

/// A quorum has given up on the view.
struct HotStuffTimeoutCertificate : RecordOf<HotStuffTimeoutCertificate> {
  static constexpr std::string_view kName = "hotstuff_timeout_certificate";
  std::uint64_t view = 0;
  QuorumProof proof;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("proof", self.proof);
  }
};
using HotStuffTimeoutCertificatePtr = std::shared_ptr<const HotStuffTimeoutCertificate>;

/// What the digest of a block is taken of. The proof of its certificate is left out: the same votes may be proven in
/// several ways.
struct HotStuffHeader : RecordOf<HotStuffHeader> {
  static constexpr std::string_view kName = "hotstuff_header";
  std::uint64_t view = 0;
  std::uint64_t height = 0;
  std::uint64_t justify_view = 0;
  BlockName parent;
  Digest batch;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("height", self.height);
    field("justify_view", self.justify_view);
    field("parent", self.parent);
    field("batch", self.batch);
  }
};

/// A node of the paper's tree, signed by the leader of its view. Its parent is the block that `justify` certifies.
struct HotStuffBlock : RecordOf<HotStuffBlock> {
  static constexpr std::string_view kName = "hotstuff_block";
  std::uint64_t view = 0;
  std::uint64_t height = 0;
  HotStuffCertificatePtr justify;
  BatchPtr batch;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("height", self.height);
    field("justify", self.justify);
    field("batch", self.batch);
    field("signature", self.signature);
  }
  /// What can be told from the block alone.
  bool well_formed() const {
    return justify && batch && batch->complete() && view > justify->view && height == justify->block.height + 1;
  }
  /// Requires that `justify` and the requests are there.
  BlockName name() const {
    const HotStuffHeader header{.view = view,
                                .height = height,
                                .justify_view = justify->view,
                                .parent = justify->block,
                                .batch = batch->digest()};
    return {height, Digest::of(header.encode().bytes)};
  }
  Pledge pledge() const { return {"hotstuff block", view, 0, well_formed() ? name().digest : Digest{}}; }
  bool forbidden(AgentId signer, Court& court) const;
};
using HotStuffBlockPtr = std::shared_ptr<const HotStuffBlock>;

/// The leader proposes a block. The block's certificate is of the view before, or a timeout certificate tells how its
/// view came about: so a proposal brings whoever receives it into its view.
struct HotStuffProposal : RecordOf<HotStuffProposal> {
  static constexpr std::string_view kName = "hotstuff_proposal";
  HotStuffBlockPtr block;
  HotStuffTimeoutCertificatePtr after;
  static void fields(auto& self, auto& field) {
    field("block", self.block);
    field("after", self.after);
  }
};

/// The same with the requests of the block by their digests, for those who have the requests from the clients. The
/// signature is the block's.
struct HotStuffShortProposal : RecordOf<HotStuffShortProposal> {
  static constexpr std::string_view kName = "hotstuff_short_proposal";
  std::uint64_t view = 0;
  std::uint64_t height = 0;
  HotStuffCertificatePtr justify;
  std::vector<Digest> requests;
  Signature signature;
  HotStuffTimeoutCertificatePtr after;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("height", self.height);
    field("justify", self.justify);
    field("requests", self.requests);
    field("signature", self.signature);
    field("after", self.after);
  }
  /// Of the block. Requires a certificate.
  BlockName name() const {
    const HotStuffHeader header{.view = view,
                                .height = height,
                                .justify_view = justify->view,
                                .parent = justify->block,
                                .batch = Batch::digest_of(requests)};
    return {height, Digest::of(header.encode().bytes)};
  }
};

/// Where the sender stands and why: its view, its highest certificate, how it came into the view. With a timeout it
/// gives up on the view; `request` is what it waits for. Without, it helps one that has fallen behind.
struct HotStuffNewView : RecordOf<HotStuffNewView> {
  static constexpr std::string_view kName = "hotstuff_new_view";
  std::uint64_t view = 0;
  HotStuffCertificatePtr high;
  HotStuffTimeoutCertificatePtr after;
  std::shared_ptr<const HotStuffTimeout> timeout;
  ClientRequestPtr request;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("high", self.high);
    field("after", self.after);
    field("timeout", self.timeout);
    field("request", self.request);
  }
};

/// The sender lacks a block, and its ancestors above a height.
struct HotStuffFetch : RecordOf<HotStuffFetch> {
  static constexpr std::string_view kName = "hotstuff_fetch";
  BlockName block;
  std::uint64_t above = 0;
  static void fields(auto& self, auto& field) {
    field("block", self.block);
    field("above", self.above);
  }
};

/// The answer: ancestors of the wanted block, the lowest first, as many as one answer may hold; none if it is unknown.
struct HotStuffBlocks : RecordOf<HotStuffBlocks> {
  static constexpr std::string_view kName = "hotstuff_blocks";
  std::vector<HotStuffBlockPtr> blocks;
  static void fields(auto& self, auto& field) { field("blocks", self.blocks); }
};

}  // namespace conclave
