// Collision-resistant digests: BLAKE2b-256 from libsodium. Protocols bind votes to values by these.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace conclave {

/// Bytes of a digest or signature that are shown to people: enough to tell them apart.
inline constexpr std::size_t kShownBytes = 8;

/// Appends two hexadecimal digits a byte.
void append_hex(std::string& out, const std::uint8_t* bytes, std::size_t count);

struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  static Digest of(std::string_view content);
  auto operator<=>(const Digest&) const = default;
  /// The first kShownBytes in hexadecimal.
  std::string text() const;
};

}  // namespace conclave
