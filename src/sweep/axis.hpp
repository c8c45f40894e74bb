// The values that one parameter of a sweep takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/quantity.hpp"
#include "core/value.hpp"

namespace conclave {

/// Values of one parameter at most.
inline constexpr std::size_t kAxisValuesMax = 1'000'000;

/// A range that is cut into values, evenly or by equal factors.
struct AxisRange {
  QuantityRange ends;
  bool logarithmic = false;

  /// The value at a share of the way; 0 gives the low end, 1 the high one.
  Quantity at(double share) const;
  /// The same for a draw from [0, 1): every integer of the range has an equal part of it.
  Quantity drawn(double share) const;
};

/// A value as one would write it after `path=`.
std::string flow_text(const Value& value);

/// Reads `[4, 7]`, `4..7`, `{ range: 1ms..9ms, step: 2ms }`, `{ range: 1ms..1s, count: 4, scale: log }`, or one value.
/// Empty after reporting what is wrong.
std::vector<std::string> read_axis(const Value& written, Diagnostics& diagnostics);

/// What a sampler draws from: a range, or a list of choices.
struct DrawnAxis {
  std::optional<AxisRange> range;
  std::vector<std::string> choices;

  /// For a share in [0, 1).
  std::string value(double share) const;
};
/// Reads `1ms..9ms`, `{ range: 1ms..1s, scale: log }` or `[a, b]`; nothing after reporting what is wrong.
std::optional<DrawnAxis> read_drawn_axis(const Value& written, Diagnostics& diagnostics);

}  // namespace conclave
