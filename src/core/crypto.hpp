// Who can sign what. An agent holds a Signer for its own name and for no other, so an adversary can forge nothing that
// it could not forge in the world: it has the keys of the agents that it has corrupted.
//
//   ed25519   real signatures from libsodium over the canonical bytes of a record
//   modelled  tokens of the same size and the same simulated cost, unforgeable by construction: a keyed hash whose key
//   never
//             leaves the key ring
//
// The time that signing and verifying take in the *simulation* is declared by the scenario and charged to the agent.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/quorum_proof.hpp"
#include "core/record.hpp"
#include "core/signature.hpp"
#include "core/time.hpp"

namespace conclave {

enum class SignatureScheme { ed25519, modelled };

/// Simulated cost of one operation.
struct CryptoCost {
  Duration sign{};
  Duration verify{};
};

/// The keys of all agents of a run, derived from the seed. Read-only once built, so threads may share it.
class KeyRing {
 public:
  /// Requires `agents` > 0. Keys are made when first used: a million idle agents cost nothing.
  KeyRing(SignatureScheme scheme, std::uint64_t seed, std::size_t agents);
  ~KeyRing();
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;

  SignatureScheme scheme() const { return scheme_; }
  /// True if `signature` was made by its signer over exactly `bytes`.
  bool valid(const Signature& signature, std::string_view bytes) const;

 private:
  friend class Signer;
  friend class Crypto;
  Signature sign(AgentId signer, std::string_view bytes) const;
  /// What stands for the signatures of all these voters under `bytes`. Crypto gives it only to who has them all.
  Signature combined(std::string_view bytes, AgentRange group, const std::vector<std::uint64_t>& voters) const;

  struct Keys;
  const SignatureScheme scheme_;
  const std::unique_ptr<Keys> keys_;
};

/// The right to sign as one agent.
class Signer {
 public:
  Signer(const KeyRing& ring, AgentId self) : ring_(&ring), self_(self) {}
  AgentId self() const { return self_; }
  Signature sign(std::string_view bytes) const { return ring_->sign(self_, bytes); }

 private:
  const KeyRing* ring_;
  AgentId self_;
};

/// What a protocol sees of cryptography during one step: it signs as itself, verifies anyone, and is charged for both.
class Crypto {
 public:
  Crypto(const KeyRing& ring, AgentId self, CryptoCost cost) : ring_(&ring), signer_(ring, self), cost_(cost) {}

  /// The record with its field `signature` filled in.
  template <class Kind>
  std::shared_ptr<const Kind> sign(Kind record) {
    record.signature = signer_.sign(signed_bytes(record));
    spent_ += cost_.sign;
    return share(std::move(record));
  }

  /// The same for a record whose kind is not known here: a copy of which every signature that is to cover the record is
  /// this agent's over it.
  RecordPtr sign_again(const Record& record);

  /// True if the record's signature is by `claimed` over this very record. A broadcast is one object for all its
  /// receivers, so the arithmetic is done once; each receiver is charged all the same.
  template <class Kind>
  bool verify(const Kind& record, AgentId claimed) {
    spent_ += cost_.verify;
    return record.signature.signer == claimed && check(record, record.signature);
  }

  /// Proof that the signers of these votes have all signed one statement. Counts a vote only if it says the same as the
  /// first, its signature holds, and its signer is of the group and has not been counted. Requires a vote. Not charged:
  /// to join signatures takes additions, little beside making or checking one.
  template <class Kind>
  QuorumProof prove(AgentRange group, const std::vector<std::shared_ptr<const Kind>>& votes, ProofForm form) {
    std::vector<const Record*> records;
    std::vector<const Signature*> signatures;
    for (const auto& vote : votes) {
      records.push_back(vote.get());
      signatures.push_back(&vote->signature);
    }
    return join(group, records, signatures, form);
  }

  /// True if all voters that the proof names have signed `statement`, a vote whose own signature is left empty. The
  /// answer is kept in `certificate`, the record that holds the proof, so `statement` must follow from it. Says nothing
  /// about how many voters are enough.
  template <class Kind>
  bool verify(const Record& certificate, const Kind& statement, AgentRange group, const QuorumProof& proof) {
    spent_ += cost_.verify * static_cast<std::int64_t>(proof.signatures.size());
    return check(certificate, statement, group, proof);
  }

  /// Simulated time spent since the last call.
  Duration take_spent() { return std::exchange(spent_, Duration::zero()); }

 private:
  static std::string signed_bytes(const Record& record);
  bool check(const Record& record, const Signature& signature) const;
  bool check(const Record& certificate, const Record& statement, AgentRange group, const QuorumProof& proof) const;
  bool holds(const Record& statement, AgentRange group, const QuorumProof& proof) const;
  QuorumProof join(AgentRange group, const std::vector<const Record*>& votes,
                   const std::vector<const Signature*>& signatures, ProofForm form) const;

  const KeyRing* ring_;
  Signer signer_;
  CryptoCost cost_;
  Duration spent_{};
};

}  // namespace conclave
