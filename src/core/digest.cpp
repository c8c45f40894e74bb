#include "core/digest.hpp"

#include <sodium.h>

namespace conclave {

Digest Digest::of(std::string_view content) {
  Digest digest;
  crypto_generichash(digest.bytes.data(), digest.bytes.size(), reinterpret_cast<const unsigned char*>(content.data()),
                     content.size(), nullptr, 0);
  return digest;
}

void append_hex(std::string& out, const std::uint8_t* bytes, std::size_t count) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t i = 0; i < count; i++) (out += kDigits[bytes[i] >> 4]) += kDigits[bytes[i] & 15];
}

std::string Digest::text() const {
  std::string out;
  append_hex(out, bytes.data(), kShownBytes);
  return out;
}

}  // namespace conclave
