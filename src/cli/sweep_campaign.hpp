// A sweep file together with its scenario, checked: what `plan` and `run` work on.
#pragma once

#include <optional>
#include <string>

#include "sweep/design.hpp"
#include "sweep/store.hpp"

namespace conclave {

struct Campaign {
  Sweep sweep;
  std::string scenario_text;
  SweepPlan plan;

  /// What `--set` would say for a point.
  std::vector<std::string> settings(const Point& point) const;
  std::uint64_t seed(std::uint32_t repetition) const { return plan.provenance.first_seed + repetition; }
  /// The command that runs one run alone.
  std::string repeat_command(const Point& point, std::uint64_t seed) const;
};

/// Loads the sweep, and its scenario at one point of each kind: a path that leads nowhere is found before anything
/// runs. Nothing after printing what is wrong.
std::optional<Campaign> load_campaign(const std::string& file);

}  // namespace conclave
