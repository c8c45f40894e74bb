// YAML text to a tree of values that know their places, and back. Strict: what two readers could understand in two ways
// is an error (keys given twice, anchors, tags, several documents), and so is what is too large to be a scenario.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/diagnostics.hpp"
#include "core/value.hpp"

namespace conclave {

/// Largest scenario file.
inline constexpr std::size_t kScenarioBytesMax = std::size_t{1} << 20;
/// Deepest nesting of lists and maps in it.
inline constexpr std::size_t kScenarioDepthMax = 32;
/// Values and keys in it at most.
inline constexpr std::size_t kScenarioNodesMax = 100'000;

/// The one document in `text`, or nothing after reporting why not.
std::optional<Value> parse_yaml(std::string_view text, Diagnostics& diagnostics);

/// Block style, short lists in one line. parse_yaml() reads the same value back; a quoted text that nobody could take
/// for anything else loses its quotes.
std::string write_yaml(const Value& value);

}  // namespace conclave
