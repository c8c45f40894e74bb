// From a scenario file to a validated scenario, or to everything that is wrong with it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/scenario.hpp"

namespace conclave {

/// What the command line changes of a scenario.
struct Overrides {
  std::vector<std::string> set;  ///< each `path=value`, see apply_override()
  std::optional<std::uint64_t> seed;
  bool swarm = false;  ///< draw faults from the section `swarm`
};

struct Loaded {
  std::optional<Scenario> scenario;
  std::string errors;             ///< for people; empty if and only if there is a scenario
  std::vector<Diagnostic> found;  ///< the same, for whoever tells them in terms of something else
};

Loaded load_scenario(const std::filesystem::path& file, const Overrides& overrides = {});

/// As if `text` stood in `file`.
Loaded load_scenario_text(std::string_view text, const std::filesystem::path& file, const Overrides& overrides = {});

}  // namespace conclave
