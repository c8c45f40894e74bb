// Who may give orders in a hierarchy.
#pragma once

#include <compare>
#include <cstdint>

namespace conclave {

/// Who decided, and when: a term belongs to one root (its number modulo the electors is the root's rank among them), a
/// revision to one change that it made. Whoever knows a higher epoch obeys no lower one.
struct Epoch {
  std::uint64_t term = 0;
  std::uint64_t revision = 0;
  auto operator<=>(const Epoch&) const = default;
  static void fields(auto& self, auto& field) {
    field("term", self.term);
    field("revision", self.revision);
  }
};

}  // namespace conclave
