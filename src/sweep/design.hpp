// A sweep file: which scenario, which points of its parameters, how often each, what to keep of each run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/params.hpp"

namespace conclave {

/// Points of a sweep at most.
inline constexpr std::size_t kPointsMax = 1'000'000;
/// Repetitions of a point at most.
inline constexpr std::uint32_t kRepetitionsMax = 1'000'000;

/// One combination of values, in the order in which the sweep file names the parameters.
struct Point {
  struct Parameter {
    std::string path;   ///< as after `--set`
    std::string value;  ///< as one would write it
    bool operator==(const Parameter&) const = default;
  };
  std::vector<Parameter> parameters;

  /// `a=1 b=2`
  std::string text() const;
  /// `path=value` for each.
  std::vector<std::string> settings() const;
  const std::string* find(std::string_view path) const;
};

/// A number that is kept of each run.
struct MetricSpec {
  std::string name;  ///< in exports
  std::string path;  ///< within the results, see result_path.hpp
  std::string unit;
};

/// Repeat a point until its mean is known well enough.
struct StopRule {
  std::string metric;                              ///< its name among those kept
  Factor rel_ci;                                   ///< half the confidence interval, relative to the mean
  std::uint32_t max = 0;                           ///< repetitions at most
  Probability confidence = Probability::of(0.95);  ///< of the interval
  std::uint32_t every = 1;                         ///< repetitions between two looks
  static const ParamTable& params();
};

struct Sweep {
  std::filesystem::path file;
  std::string name;  ///< the file's stem
  std::string title;
  std::filesystem::path scenario;     ///< as the current folder finds it
  std::vector<std::string> fixed;     ///< `path=value`, the same for all points
  std::vector<std::string> paths;     ///< of all parameters, in order
  std::vector<Location> path_places;  ///< where the file names them
  std::vector<Point> points;
  std::optional<std::uint64_t> seed;  ///< of the first repetition; the scenario's if not given
  std::uint32_t repetitions = 1;
  std::optional<StopRule> until;
  std::vector<MetricSpec> metrics;  ///< empty for all numbers of the results
  Duration time_limit{};            ///< of each run

  /// Repetitions of a point at most.
  std::uint32_t repetitions_max() const { return until ? until->max : repetitions; }
  /// Runs at most.
  std::uint64_t runs_max() const { return points.size() * std::uint64_t{repetitions_max()}; }
};

struct LoadedSweep {
  std::optional<Sweep> sweep;
  std::string errors;  ///< for people; empty if and only if there is a sweep
  std::string source;  ///< the file's text
};

LoadedSweep load_sweep(const std::filesystem::path& file);
/// As if `text` stood in `file`.
LoadedSweep load_sweep_text(std::string_view text, const std::filesystem::path& file);

/// The table of a sweep file's keys, for documentation.
const ParamTable& sweep_params();

}  // namespace conclave
