// Non-cryptographic hashing with one published algorithm (XXH3), the same bits on every compiler and machine.
// For what an adversary may try to collide, use Digest (digest.hpp).
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace conclave {

static_assert(std::endian::native == std::endian::little,
              "canonical encodings are hashed in place: little-endian only");

/// 128 bits: a fingerprint of a run, or of a part of it.
struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  constexpr auto operator<=>(const Hash128&) const = default;
  /// As numbers of 128 bits, without the carry out. A sum of hashes stands for a set in which things count.
  constexpr Hash128& operator+=(Hash128 other) {
    low += other.low;
    high += other.high + (low < other.low ? 1 : 0);
    return *this;
  }
  /// 32 lower-case hexadecimal digits, high half first.
  std::string text() const;
};

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
Hash128 hash128(std::string_view bytes);

/// One link of a hash chain: the state so far and four words of content. Costs about five nanoseconds.
Hash128 chain(Hash128 state, std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d);

}  // namespace conclave
