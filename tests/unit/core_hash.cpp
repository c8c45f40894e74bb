// XXH3 with its published values, and a chain in which every word counts.

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

#include "core/digest.hpp"
#include "core/hash.hpp"

namespace conclave {

TEST_CASE("hash64 is XXH3-64 and hash128 is XXH3-128") {
  CHECK(hash64("") == 0x2d06800538d394c2u);
  CHECK(hash64("a") == 0xe6c632b61e964e1fu);
  CHECK(hash64("abc") == 0x78af5f94892f3950u);
  CHECK(hash128("").text() == "99aa06d3014798d86001c324468d497f");
  CHECK(hash128("abc").text() == "06b05ab6733a618578af5f94892f3950");
}

TEST_CASE("a seed changes the hash") {
  CHECK(hash64("abc", 1) != hash64("abc"));
  CHECK(hash64("abc", 1) != hash64("abc", 2));
  CHECK(hash64("abc", 1) == hash64("abc", 1));
}

TEST_CASE("a fingerprint is written high half first") {
  CHECK(Hash128{.low = 1, .high = 0xabc}.text() == "0000000000000abc0000000000000001");
}

TEST_CASE("a link of the chain depends on every bit of every word and on their order") {
  const std::array<std::uint64_t, 6> words{1, 2, 3, 4, 5, 6};
  const auto link = [](const std::array<std::uint64_t, 6>& w) { return chain({w[0], w[1]}, w[2], w[3], w[4], w[5]); };
  std::set<Hash128> seen{link(words)};
  std::size_t tried = 1;
  for (std::size_t word = 0; word < words.size(); word++) {
    for (int bit = 0; bit < 64; bit++, tried++) {
      auto changed = words;
      changed[word] ^= std::uint64_t{1} << bit;
      seen.insert(link(changed));
    }
  }
  for (std::size_t a = 0; a < words.size(); a++) {
    for (std::size_t b = a + 1; b < words.size(); b++, tried++) {
      auto swapped = words;
      std::swap(swapped[a], swapped[b]);
      seen.insert(link(swapped));
    }
  }
  CHECK(seen.size() == tried);
}

TEST_CASE("a chain is the hash of its words, the same on every machine") {
  CHECK(chain({}, 0, 0, 0, 0) == hash128(std::string(48, '\0')));
}

TEST_CASE("a digest is BLAKE2b-256") {
  const auto hex = [](const Digest& digest) {
    std::string text;
    for (const std::uint8_t byte : digest.bytes) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    return text;
  };
  CHECK(hex(Digest::of("")) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  CHECK(hex(Digest::of("abc")) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(Digest::of("abc").text() == "bddd813c63423972");
  CHECK(Digest::of("abc") != Digest::of("abd"));
  CHECK(Digest{}.text() == "0000000000000000");
}

}  // namespace conclave
