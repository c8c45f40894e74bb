// Signing and verifying, with both schemes.

#include <doctest/doctest.h>
#include <sodium.h>

#include <cstring>
#include <string>

#include "core/crypto.hpp"
#include "core/random.hpp"

namespace conclave {
namespace {

using std::chrono::microseconds;

struct TestVote : RecordOf<TestVote> {
  static constexpr std::string_view kName = "test_vote";
  std::uint64_t view = 0;
  std::string value;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("value", self.value);
    field("signature", self.signature);
  }
};

/// Another kind with the same fields: a signature must not be good for both.
struct TestVeto : RecordOf<TestVeto> {
  static constexpr std::string_view kName = "test_veto";
  std::uint64_t view = 0;
  std::string value;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("value", self.value);
    field("signature", self.signature);
  }
};

constexpr CryptoCost kCost{.sign = microseconds(50), .verify = microseconds(120)};

/// Calls test(ring) with a ring of three agents for either scheme.
template <class Test>
void with_both_schemes(Test test) {
  for (const SignatureScheme scheme : {SignatureScheme::ed25519, SignatureScheme::modelled}) {
    CAPTURE(static_cast<int>(scheme));
    const KeyRing ring(scheme, 7, 3);
    test(ring);
  }
}

}  // namespace

TEST_CASE("what is signed verifies, as its signer's and as nobody else's") {
  with_both_schemes([](const KeyRing& ring) {
    Crypto alice(ring, agent(0), kCost), bob(ring, agent(1), kCost);
    const auto vote = alice.sign(TestVote{.view = 3, .value = "x"});
    CHECK(vote->view == 3);
    CHECK(vote->signature.signer == agent(0));
    CHECK(bob.verify(*vote, agent(0)));
    CHECK(!bob.verify(*vote, agent(1)));
    CHECK(alice.verify(*vote, agent(0)));
  });
}

TEST_CASE("an agent cannot sign as another") {
  with_both_schemes([](const KeyRing& ring) {
    Crypto mallory(ring, agent(2), kCost), bob(ring, agent(1), kCost);
    TestVote forged = *mallory.sign(TestVote{.view = 3, .value = "x"});
    forged.signature.signer = agent(0);
    CHECK(!bob.verify(forged, agent(0)));
    CHECK(!bob.verify(forged, agent(2)));
  });
}

TEST_CASE("signers that do not exist have signed nothing") {
  with_both_schemes([](const KeyRing& ring) {
    Crypto bob(ring, agent(1), kCost);
    TestVote vote = *bob.sign(TestVote{});
    for (const AgentId nobody : {agent(3), kNobody}) {
      TestVote forged = vote;
      forged.signature.signer = nobody;
      CHECK(!bob.verify(forged, nobody));
    }
    CHECK(!bob.verify(TestVote{}, kNobody));
  });
}

TEST_CASE("every flipped bit of a message or a signature is noticed") {
  with_both_schemes([](const KeyRing& ring) {
    const Signer alice(ring, agent(0));
    const std::string message = "the quick brown fox";
    const Signature signature = alice.sign(message);
    REQUIRE(ring.valid(signature, message));
    std::size_t accepted = 0;
    for (std::size_t bit = 0; bit < message.size() * 8; bit++) {
      std::string flipped = message;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      accepted += ring.valid(signature, flipped);
    }
    for (std::size_t bit = 0; bit < signature.bytes.size() * 8; bit++) {
      Signature flipped = signature;
      flipped.bytes[bit / 8] = static_cast<std::uint8_t>(flipped.bytes[bit / 8] ^ (1 << (bit % 8)));
      accepted += ring.valid(flipped, message);
    }
    CHECK(accepted == 0);
  });
}

TEST_CASE("a signature covers all the other fields and the kind") {
  with_both_schemes([](const KeyRing& ring) {
    Crypto alice(ring, agent(0), kCost);
    const auto vote = alice.sign(TestVote{.view = 3, .value = "x"});
    TestVote other = *vote;
    other.view = 4;
    CHECK(!alice.verify(other, agent(0)));
    other = *vote;
    other.value = "y";
    CHECK(!alice.verify(other, agent(0)));
    TestVeto veto{.view = vote->view, .value = vote->value, .signature = vote->signature};
    CHECK(!alice.verify(veto, agent(0)));
  });
}

TEST_CASE("a memo is not inherited by an altered copy, nor by what was decoded") {
  with_both_schemes([](const KeyRing& ring) {
    Crypto alice(ring, agent(0), kCost);
    const auto vote = alice.sign(TestVote{.view = 3, .value = "x"});
    REQUIRE(alice.verify(*vote, agent(0)));
    TestVote copy = *vote;
    copy.view = 4;
    CHECK(!alice.verify(copy, agent(0)));
    CHECK(alice.verify(*vote, agent(0)));
    CHECK(!alice.verify(copy, agent(0)));
    const RecordPtr decoded = decode_record(vote->encode().bytes);
    CHECK(alice.verify(*decoded->as<TestVote>(), agent(0)));
  });
}

TEST_CASE("signing again a copy of what verified makes a good signature") {
  with_both_schemes([](const KeyRing& ring) {
    Crypto alice(ring, agent(0), kCost), bob(ring, agent(1), kCost);
    const auto vote = alice.sign(TestVote{.view = 3, .value = "x"});
    REQUIRE(bob.verify(*vote, agent(0)));
    const auto taken_over = bob.sign(*vote);
    CHECK(alice.verify(*taken_over, agent(1)));
    CHECK(!alice.verify(*taken_over, agent(0)));
  });
}

TEST_CASE("every operation is charged, memo or not") {
  with_both_schemes([](const KeyRing& ring) {
    Crypto alice(ring, agent(0), kCost), bob(ring, agent(1), kCost);
    const auto vote = alice.sign(TestVote{});
    CHECK(alice.take_spent() == kCost.sign);
    CHECK(alice.take_spent() == Duration::zero());
    for (int i = 1; i <= 3; i++) static_cast<void>(bob.verify(*vote, agent(0)));
    CHECK(bob.take_spent() == 3 * kCost.verify);
    static_cast<void>(bob.verify(*vote, agent(2)));  // refused by name alone, and charged all the same
    CHECK(bob.take_spent() == kCost.verify);
  });
}

TEST_CASE("keys come from the seed: the same seed gives the same signatures, another seed others") {
  for (const SignatureScheme scheme : {SignatureScheme::ed25519, SignatureScheme::modelled}) {
    const KeyRing ring(scheme, 7, 3), same(scheme, 7, 300), other(scheme, 8, 3);
    const Signature signature = Signer(ring, agent(1)).sign("message");
    CHECK(Signer(same, agent(1)).sign("message") == signature);
    CHECK(Signer(other, agent(1)).sign("message") != signature);
    CHECK(!other.valid(signature, "message"));
    CHECK(Signer(ring, agent(2)).sign("message").bytes != signature.bytes);
  }
}

TEST_CASE("ed25519 is that of RFC 8032, by libsodium") {
  // The keys of agent 1 under seed 7 are derived as documented: words of the stream "keys".
  const Stream words = Stream(7, "keys").child(1);
  std::uint64_t seed[4];
  for (std::size_t i = 0; i < 4; i++) seed[i] = words.at(i);
  unsigned char open[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
  crypto_sign_seed_keypair(open, secret, reinterpret_cast<const unsigned char*>(seed));
  const std::string message = "message";
  const KeyRing ring(SignatureScheme::ed25519, 7, 3);
  const Signature signature = Signer(ring, agent(1)).sign(message);
  CHECK(crypto_sign_verify_detached(signature.bytes.data(), reinterpret_cast<const unsigned char*>(message.data()),
                                    message.size(), open) == 0);
}

TEST_CASE("libsodium reproduces RFC 8032, section 7.1, test 2") {
  const auto unhex = [](const std::string& hex) {
    std::string bytes(hex.size() / 2, '\0');
    std::size_t size = 0;
    REQUIRE(sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data(), hex.size(),
                           nullptr, &size, nullptr) == 0);
    return bytes;
  };
  const std::string seed = unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const std::string expected = unhex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  unsigned char open[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], made[crypto_sign_BYTES];
  crypto_sign_seed_keypair(open, secret, reinterpret_cast<const unsigned char*>(seed.data()));
  const unsigned char message = 0x72;
  crypto_sign_detached(made, nullptr, &message, 1, secret);
  CHECK(std::memcmp(made, expected.data(), sizeof made) == 0);
}

}  // namespace conclave
