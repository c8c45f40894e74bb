// A number or a quantity of any unit, where the unit alone tells what it is: the ends of a range, a value to compare.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace conclave {

struct Quantity {
  enum class Kind : std::uint8_t { integer, number, duration, size, bandwidth, speed, probability };

  Kind kind = Kind::integer;
  /// In the smallest step of the kind: 1, 1e-6, ns, bytes, bits per second, flops, 1e-8.
  std::uint64_t steps = 0;

  bool operator==(const Quantity&) const = default;
  /// As results hold it: a number, ns, bytes, a share of 1.
  double number() const;
};

/// Reads `12`, `2.5`, `10ms`, `1MiB`, `1Gbps`, `2Gf`, `5%`, `1/50`; nothing if it is none of these.
std::optional<Quantity> parse_quantity(std::string_view text);
/// A text that parse_quantity() reads back to the same.
std::string text(const Quantity& quantity);

/// `low..high`, both of one kind and in ascending order. An integer beside a number counts as a number.
struct QuantityRange {
  Quantity low;
  Quantity high;
};
std::optional<QuantityRange> parse_range(std::string_view text);

}  // namespace conclave
