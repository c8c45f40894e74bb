#include "core/crypto.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "core/hash.hpp"
#include "core/quorum.hpp"
#include "core/random.hpp"

namespace conclave {

struct KeyRing::Keys {
  struct Pair {
    std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> open;
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret;
    std::once_flag made;
  };

  Keys(std::uint64_t seed, std::size_t agents) : secrets(seed, "keys"), count(agents) {}

  Pair& of(AgentId id) {
    std::call_once(allocated, [this] { pairs = std::make_unique<Pair[]>(count); });
    Pair& pair = pairs[index(id)];
    std::call_once(pair.made, [this, id, &pair] {
      const Stream words = secrets.child(index(id));
      std::uint64_t seed[crypto_sign_SEEDBYTES / 8];
      for (std::size_t i = 0; i < std::size(seed); i++) seed[i] = words.at(i);
      crypto_sign_seed_keypair(pair.open.data(), pair.secret.data(), reinterpret_cast<const unsigned char*>(seed));
    });
    return pair;
  }

  /// The modelled token: a hash keyed by words that only this ring can read.
  Signature token(AgentId id, std::string_view bytes) const {
    const Stream words = secrets.child(index(id));
    const std::uint64_t low = hash64(bytes, words.at(0));
    const std::uint64_t high = hash64(bytes, words.at(1));
    Signature signature{.signer = id};
    std::memcpy(signature.bytes.data(), &low, sizeof low);
    std::memcpy(signature.bytes.data() + sizeof low, &high, sizeof high);
    return signature;
  }

  const Stream secrets;
  const std::size_t count;
  std::once_flag allocated;
  std::unique_ptr<Pair[]> pairs;
};

KeyRing::KeyRing(SignatureScheme scheme, std::uint64_t seed, std::size_t agents)
    : scheme_(scheme), keys_(std::make_unique<Keys>(seed, agents)) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium could not be initialised");
}

KeyRing::~KeyRing() = default;

Signature KeyRing::sign(AgentId signer, std::string_view bytes) const {
  if (scheme_ == SignatureScheme::modelled) return keys_->token(signer, bytes);
  Signature signature{.signer = signer};
  crypto_sign_detached(signature.bytes.data(), nullptr, reinterpret_cast<const unsigned char*>(bytes.data()),
                       bytes.size(), keys_->of(signer).secret.data());
  return signature;
}

bool KeyRing::valid(const Signature& signature, std::string_view bytes) const {
  if (index(signature.signer) >= keys_->count) return false;
  if (scheme_ == SignatureScheme::modelled) return signature == keys_->token(signature.signer, bytes);
  return crypto_sign_verify_detached(signature.bytes.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                                     bytes.size(), keys_->of(signature.signer).open.data()) == 0;
}

Signature KeyRing::combined(std::string_view bytes, AgentRange group, const std::vector<std::uint64_t>& voters) const {
  std::string content(bytes);
  const auto append = [&content](const auto& value) {
    content.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  append(group.first);
  for (const std::uint64_t word : voters) append(word);
  Signature signature = keys_->token(kNobody, content);  // the key of an agent that cannot be: nobody signs with it
  signature.signer = kNobody;
  return signature;
}

std::string Crypto::signed_bytes(const Record& record) {
  Encoding out;
  out.bytes.append(reinterpret_cast<const char*>(&record.type->tag), sizeof record.type->tag);
  record.type->encode_unsigned(record, out);
  return std::move(out.bytes);
}

RecordPtr Crypto::sign_again(const Record& record) {
  struct Sign final : FieldEditor {
    void own_signature(std::string_view, Signature& value) override { value = made; }
    Signature made;
  } sign;
  sign.made = signer_.sign(signed_bytes(record));
  spent_ += cost_.sign;
  return record.type->edit(record, sign);
}

bool Crypto::check(const Record& record, const Signature& signature) const {
  Record::Checked known = record.checked.load(std::memory_order_relaxed);
  if (known == Record::Checked::no) {
    known = ring_->valid(signature, signed_bytes(record)) ? Record::Checked::valid : Record::Checked::invalid;
    record.checked.store(known, std::memory_order_relaxed);
  }
  return known == Record::Checked::valid;
}

bool Crypto::check(const Record& certificate, const Record& statement, AgentRange group,
                   const QuorumProof& proof) const {
  Record::Checked known = certificate.checked.load(std::memory_order_relaxed);
  if (known == Record::Checked::no) {
    known = holds(statement, group, proof) ? Record::Checked::valid : Record::Checked::invalid;
    certificate.checked.store(known, std::memory_order_relaxed);
  }
  return known == Record::Checked::valid;
}

bool Crypto::holds(const Record& statement, AgentRange group, const QuorumProof& proof) const {
  const std::string bytes = signed_bytes(statement);
  const std::uint32_t beyond = group.count % 64;
  if (proof.voters.size() != (group.count + 63) / 64) return false;
  if (beyond != 0 && proof.voters.back() >> beyond != 0) return false;
  if (proof.signatures.size() == 1 && proof.signatures.front().signer == kNobody)
    return proof.signatures.front() == ring_->combined(bytes, group, proof.voters);
  if (proof.signatures.size() != proof.count()) return false;
  auto signature = proof.signatures.begin();
  for (std::uint32_t rank = 0; rank < group.count; rank++) {
    if (!(proof.voters[rank / 64] >> (rank % 64) & 1)) continue;
    if (signature->signer != group[rank] || !ring_->valid(*signature, bytes)) return false;
    ++signature;
  }
  return true;
}

QuorumProof Crypto::join(AgentRange group, const std::vector<const Record*>& votes,
                         const std::vector<const Signature*>& signatures, ProofForm form) const {
  const std::string bytes = signed_bytes(*votes.front());
  QuorumProof proof;
  VoteSet voters;
  for (std::size_t i = 0; i < votes.size(); i++) {
    const Signature& signature = *signatures[i];
    if (!group.contains(signature.signer) || voters.contains(group.rank(signature.signer))) continue;
    if (signed_bytes(*votes[i]) != bytes || !check(*votes[i], signature)) continue;
    voters.add(group.rank(signature.signer), group.count);
    proof.signatures.push_back(signature);
  }
  proof.voters = voters.words();
  if (form == ProofForm::combined) {
    proof.signatures.assign(1, ring_->combined(bytes, group, proof.voters));
  } else {
    std::sort(proof.signatures.begin(), proof.signatures.end());
  }
  return proof;
}

}  // namespace conclave
