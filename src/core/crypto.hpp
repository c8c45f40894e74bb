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
  Signature sign(AgentId signer, std::string_view bytes) const;

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

  /// Simulated time spent since the last call.
  Duration take_spent() { return std::exchange(spent_, Duration::zero()); }

 private:
  static std::string signed_bytes(const Record& record);
  bool check(const Record& record, const Signature& signature) const;

  const KeyRing* ring_;
  Signer signer_;
  CryptoCost cost_;
  Duration spent_{};
};

}  // namespace conclave
