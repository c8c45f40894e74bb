// Errors in a scenario, collected so that all are shown at once: where, what was found, what was expected, the nearest
// name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/value.hpp"

namespace conclave {

struct Diagnostic {
  Location at;
  std::string message;
  std::string hint;  ///< what to do about it; may be empty
};

/// Errors shown at most: after that many, more of them help nobody.
inline constexpr std::size_t kDiagnosticsMax = 50;

class Diagnostics {
 public:
  /// The same error at the same place is noted once.
  void error(Location at, std::string message, std::string hint = {});
  bool empty() const { return all_.empty(); }
  /// Errors so far: that it grew tells that something was wrong.
  std::size_t count() const { return all_.size() + left_out_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  /// Each as `file:line:column: error: …` with the line of `source` and a mark under it, in the order of the file.
  /// `overrides` are the texts after `--set`, which errors of what they have set name instead of a place.
  std::string text(std::string_view file, std::string_view source,
                   const std::vector<std::string>& overrides = {}) const;

 private:
  std::vector<Diagnostic> all_;
  std::size_t left_out_ = 0;
};

/// The name nearest to `wanted` in edit distance, if it is near enough to be meant; empty otherwise.
std::string nearest(std::string_view wanted, const std::vector<std::string>& names);

/// "did you mean `x`?" if a name is near; otherwise the valid names, if there are few.
std::string suggestion(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace conclave
