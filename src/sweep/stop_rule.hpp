// When the mean of a metric is known well enough: the confidence interval of Student's t (Law, Kelton, "Simulation
// Modeling and Analysis", sequential procedures).
#pragma once

#include <optional>
#include <vector>

#include "sweep/design.hpp"

namespace conclave {

struct MeanEstimate {
  double mean = 0;
  double half_width = 0;  ///< of the confidence interval
};

/// Requires at least two values, and 0 < confidence < 1.
MeanEstimate estimate_mean(const std::vector<double>& values, double confidence);

/// Whether a point whose repetitions gave this (nothing where a run had no result) needs no more of them.
bool is_settled(const StopRule& rule, const std::vector<std::optional<double>>& repetitions);

}  // namespace conclave
