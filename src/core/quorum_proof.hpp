// A proof that a quorum has signed one and the same statement: what turns votes into a certificate that anyone can
// check. Made and checked by Crypto (crypto.hpp).
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/signature.hpp"

namespace conclave {

template <class E>
struct Choices;  // of params.hpp

/// How the signatures of a quorum travel.
enum class ProofForm {
  combined,  ///< one signature that stands for all, as BLS multi-signatures and threshold signatures do. Modelled
  list,      ///< one signature per voter, as with Ed25519 or ECDSA
};

template <>
struct Choices<ProofForm> {
  static constexpr std::pair<ProofForm, std::string_view> kNames[] = {{ProofForm::combined, "combined"},
                                                                      {ProofForm::list, "list"}};
};

struct QuorumProof {
  std::vector<std::uint64_t> voters;  ///< as VoteSet::words(): bit r is the agent of rank r in the group
  std::vector<Signature> signatures;  ///< the voters' in order of rank, or a single one by nobody that stands for all

  static void fields(auto& self, auto& field) {
    field("voters", self.voters);
    field("signatures", self.signatures);
  }
  /// How many voters it names. What it proves is another matter: Crypto::verify.
  std::uint32_t count() const {
    std::uint32_t total = 0;
    for (const std::uint64_t word : voters) total += static_cast<std::uint32_t>(std::popcount(word));
    return total;
  }
};

}  // namespace conclave
