#include "core/digest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>

namespace conclave {

Digest Digest::of(std::string_view content) {
  Digest digest;
  crypto_generichash(digest.bytes.data(), digest.bytes.size(), reinterpret_cast<const unsigned char*>(content.data()),
                     content.size(), nullptr, 0);
  return digest;
}

std::string Digest::text() const {
  return fmt::format("{:02x}", fmt::join(bytes.begin(), bytes.begin() + 8, ""));
}

}  // namespace conclave
