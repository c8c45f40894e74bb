// The proofs of PBFT: when is a certificate valid, and what does a set of view changes oblige the next primary to
// propose? Pure functions of records, so that every replica and every third party comes to the same answer.
#pragma once

#include <cstdint>
#include <vector>

#include "core/crypto.hpp"
#include "core/ids.hpp"
#include "protocols/consensus/pbft/messages.hpp"

namespace conclave {

/// A group of replicas and how many of them make a quorum.
struct PbftGroup {
  AgentRange replicas;
  std::uint32_t quorum = 0;

  AgentId primary(std::uint64_t view) const { return replicas[view % replicas.count]; }
};

/// A quorum has signed this checkpoint.
bool valid(const PbftStable& stable, const PbftGroup& group, Crypto& crypto);
/// The proposal is of the primary of its view, and with the prepares of backups a quorum stands behind it.
bool valid(const PbftPrepared& prepared, const PbftGroup& group, Crypto& crypto);
/// Each member of C and P is valid, and P is in order and lies above the stable checkpoint. Says nothing of the
/// signature.
bool valid(const PbftViewChange& change, const PbftGroup& group, Crypto& crypto);
/// V is a quorum of valid and signed view changes for the view, O is what they oblige to, signed by the primary. Says
/// nothing of the signature.
bool valid(const PbftNewView& news, const PbftGroup& group, Crypto& crypto);

/// What a new view has to start from: section 4.4, "New-view messages".
struct PbftObligation {
  PbftStablePtr stable;         ///< the latest stable checkpoint, min-s; null for the start
  std::vector<Digest> digests;  ///< for the slots min-s + 1 … max-s in order; the null batch where nothing was prepared
  std::uint64_t first() const { return (stable ? stable->sequence : 0) + 1; }
};
/// Requires valid view changes.
PbftObligation obligation(const std::vector<PbftViewChangePtr>& changes);

/// The batch that does nothing.
const BatchPtr& null_batch();

}  // namespace conclave
