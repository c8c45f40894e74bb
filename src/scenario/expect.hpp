// `expect`: what a scenario is there to show, so that `conclave test` can tell whether it still does. A run does not
// look at it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/quantity.hpp"
#include "core/value.hpp"
#include "scenario/draft.hpp"

namespace conclave {

/// What a checker must say.
struct ExpectedCheck {
  std::string name;
  bool holds = true;
  std::string says;  ///< a part of its words; empty for any
};

/// What a value of the results must be (trace/result_path.hpp): within the two ends, or this text.
struct ExpectedValue {
  std::string path;
  double low = 0;
  double high = 0;
  std::optional<std::string> text;
  std::string written;  ///< for people
};

struct Expect {
  std::optional<bool> passes;
  std::string because;  ///< why a check fails that must
  std::vector<ExpectedCheck> checks;
  std::vector<ExpectedValue> values;
};

/// Judges the section as it is written. Requires the scenario's checks.
void check_expect(Draft& draft);

/// The section of a valid scenario; nothing if it has none.
std::optional<Expect> load_expect(const std::filesystem::path& file);

}  // namespace conclave
