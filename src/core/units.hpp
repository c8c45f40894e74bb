// Quantities with units, read exactly: `1.5ms` is 1 500 000 ns by integer arithmetic, never by way of a double.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/random.hpp"
#include "core/time.hpp"

namespace conclave {

struct ByteCount {
  std::uint64_t bytes = 0;
  auto operator<=>(const ByteCount&) const = default;
};
/// Of a link, in bits per second.
struct Bandwidth {
  std::uint64_t bits_per_second = 0;
  auto operator<=>(const Bandwidth&) const = default;
};
/// Of a host, in floating-point operations per second.
struct ComputeSpeed {
  std::uint64_t flops = 0;
  auto operator<=>(const ComputeSpeed&) const = default;
};
/// A plain number, in millionths: how many times, an exponent.
struct Factor {
  static constexpr std::uint64_t kOne = 1'000'000;
  static constexpr std::uint64_t kMost = kOne * kOne;
  std::uint64_t millionths = 0;
  static constexpr Factor of(double value) { return {static_cast<std::uint64_t>(value * 1e6 + 0.5)}; }
  constexpr double value() const { return static_cast<double>(millionths) / 1e6; }
  auto operator<=>(const Factor&) const = default;
};

/// Why a quantity could not be read, for people; the second member says what would do.
struct UnitError {
  std::string problem;
  std::string expected;
};

/// Each reads `text` into `value`; an error if the text is no such quantity, lacks its unit, or does not fit.
std::optional<UnitError> parse(std::string_view text, Duration& value);
std::optional<UnitError> parse(std::string_view text, ByteCount& value);
std::optional<UnitError> parse(std::string_view text, Bandwidth& value);
std::optional<UnitError> parse(std::string_view text, ComputeSpeed& value);
/// `2%`, `0.5%` or `1/50`.
std::optional<UnitError> parse(std::string_view text, Probability& value);
/// `2` or `2.5`.
std::optional<UnitError> parse(std::string_view text, Factor& value);

/// Each writes a text that parse() reads back to the same value, in the largest unit that is exact.
std::string text(Duration value);
std::string text(ByteCount value);
std::string text(Bandwidth value);
std::string text(ComputeSpeed value);
std::string text(Probability value);
std::string text(Factor value);

/// For people: three or four digits, `12.3 ms`.
std::string rounded(Duration value);
std::string rounded_count(std::uint64_t value);
std::string rounded_bytes(std::uint64_t bytes);

}  // namespace conclave
