// Collision-resistant digests: BLAKE2b-256 from libsodium. Protocols bind votes to values by these.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace conclave {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  static Digest of(std::string_view content);
  auto operator<=>(const Digest&) const = default;
  /// The first eight bytes in hexadecimal: enough for a person to tell digests apart.
  std::string text() const;
};

}  // namespace conclave
