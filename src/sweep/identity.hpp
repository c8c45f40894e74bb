// What the results of a sweep hang on, and how it is told in a hash.
#pragma once

#include <string>

#include "core/value.hpp"
#include "sweep/design.hpp"

namespace conclave {

/// Where results come from.
struct Provenance {
  std::string version;   ///< of Conclave
  std::string program;   ///< hash of the executable
  std::string scenario;  ///< the scenario's file, as the sweep file names it
  std::string content;   ///< hash of what the scenario says (not of its comments), of its platform file, and of `set`
  std::string metrics;   ///< hash of what is kept of a run
  std::uint64_t first_seed = 0;

  /// Runs of one campaign can be compared with each other.
  std::string campaign() const;
};

/// `document` is the scenario, read from sweep.scenario.
Provenance provenance_of(const Sweep& sweep, const Value& document, const std::string& version);

/// Names a run for good: the same point and seed of the same campaign have the same key on every machine.
std::string run_key(const Provenance& provenance, const Point& point, std::uint64_t seed);

}  // namespace conclave
