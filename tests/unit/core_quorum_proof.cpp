// Proofs that a quorum has signed one statement, in both forms and with both schemes of signatures.

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/crypto.hpp"

namespace conclave {
namespace {

using std::chrono::microseconds;

struct TestBallot : RecordOf<TestBallot> {
  static constexpr std::string_view kName = "test_ballot";
  std::uint64_t view = 0;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("signature", self.signature);
  }
};

struct TestCertificate : RecordOf<TestCertificate> {
  static constexpr std::string_view kName = "test_certificate";
  std::uint64_t view = 0;
  QuorumProof proof;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("proof", self.proof);
  }
};

constexpr AgentRange kGroup{agent(1), 5};
constexpr CryptoCost kCost{.sign = microseconds(50), .verify = microseconds(120)};

struct Council {
  explicit Council(SignatureScheme scheme) : ring(scheme, 7, 8), crypto(ring, agent(1), kCost) {}

  std::shared_ptr<const TestBallot> ballot(std::uint32_t signer, std::uint64_t view) {
    return Crypto(ring, agent(signer), kCost).sign(TestBallot{.view = view});
  }
  bool verify(std::uint64_t view, const QuorumProof& proof) {
    const TestCertificate certificate{.view = view, .proof = proof};
    return crypto.verify(certificate, TestBallot{.view = view}, kGroup, proof);
  }

  KeyRing ring;
  Crypto crypto;
};

template <class Test>
void with_all_forms(Test test) {
  for (const SignatureScheme scheme : {SignatureScheme::ed25519, SignatureScheme::modelled}) {
    for (const ProofForm form : {ProofForm::combined, ProofForm::list}) {
      CAPTURE(static_cast<int>(scheme));
      CAPTURE(static_cast<int>(form));
      Council council(scheme);
      test(council, form);
    }
  }
}

}  // namespace

TEST_CASE("a quorum proof holds for the statement and the voters that it was made of") {
  with_all_forms([](Council& council, ProofForm form) {
    const QuorumProof proof = council.crypto.prove<TestBallot>(
        kGroup, {council.ballot(5, 3), council.ballot(2, 3), council.ballot(1, 3)}, form);
    CHECK(proof.count() == 3);
    CHECK(proof.voters == std::vector<std::uint64_t>{0b10011});
    CHECK(proof.signatures.size() == (form == ProofForm::list ? 3 : 1));
    CHECK(council.verify(3, proof));
    CHECK_FALSE(council.verify(4, proof));

    QuorumProof more = proof;
    more.voters[0] |= 0b100;
    CHECK_FALSE(council.verify(3, more));
    QuorumProof beyond = proof;
    beyond.voters[0] |= 1u << 5;
    CHECK_FALSE(council.verify(3, beyond));
    QuorumProof longer = proof;
    longer.voters.push_back(0);
    CHECK_FALSE(council.verify(3, longer));
    QuorumProof bare = proof;
    bare.signatures.clear();
    CHECK_FALSE(council.verify(3, bare));
    QuorumProof altered = proof;
    altered.signatures.back().bytes[0] ^= 1;
    CHECK_FALSE(council.verify(3, altered));
  });
}

TEST_CASE("a quorum proof counts voters, and only those who signed the statement") {
  with_all_forms([](Council& council, ProofForm form) {
    TestBallot forged = *council.ballot(3, 3);
    forged.signature.signer = agent(4);
    const QuorumProof proof =
        council.crypto.prove<TestBallot>(kGroup,
                                         {council.ballot(1, 3), council.ballot(1, 3), council.ballot(2, 4),
                                          council.ballot(6, 3), share(std::move(forged))},
                                         form);
    CHECK(proof.voters == std::vector<std::uint64_t>{1});
    CHECK(council.verify(3, proof));
  });
}

TEST_CASE("a combined proof costs one verification, a list one per voter") {
  with_all_forms([](Council& council, ProofForm form) {
    const auto first = council.ballot(1, 3), second = council.ballot(2, 3);
    const QuorumProof proof = council.crypto.prove<TestBallot>(kGroup, {first, second}, form);
    CHECK(council.crypto.take_spent() == Duration::zero());
    CHECK(council.verify(3, proof));
    CHECK(council.crypto.take_spent() == (form == ProofForm::list ? 2 : 1) * kCost.verify);
  });
}

}  // namespace conclave
