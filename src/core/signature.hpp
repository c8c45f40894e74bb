// What a signature is, apart from how it is made (crypto.hpp).
#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "core/ids.hpp"

namespace conclave {

/// A signer's name and its 64 bytes: Ed25519 (RFC 8032), or a token of the same size when cryptography is modelled.
/// As a field of a record it covers all the other fields of that record.
struct Signature {
  AgentId signer = kNobody;
  std::array<std::uint8_t, 64> bytes{};

  auto operator<=>(const Signature&) const = default;
};

}  // namespace conclave
