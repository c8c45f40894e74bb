#include "core/hash.hpp"

#define XXH_INLINE_ALL
#include <fmt/core.h>
#include <xxhash.h>

namespace conclave {

std::string Hash128::text() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 hash128(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.low64, hash.high64};
}

Hash128 chain(Hash128 state, std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  const std::uint64_t block[] = {state.low, state.high, a, b, c, d};
  const XXH128_hash_t hash = XXH3_128bits(block, sizeof block);
  return {hash.low64, hash.high64};
}

}  // namespace conclave
