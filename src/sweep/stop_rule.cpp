#include "sweep/stop_rule.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace conclave {

MeanEstimate estimate_mean(const std::vector<double>& values, double confidence) {
  const auto count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / count;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double deviation = std::sqrt(squares / (count - 1));
  const boost::math::students_t distribution(count - 1);
  const double t = boost::math::quantile(distribution, 0.5 + confidence / 2);
  return {mean, t * deviation / std::sqrt(count)};
}

bool is_settled(const StopRule& rule, const std::vector<std::optional<double>>& repetitions) {
  if (repetitions.size() >= rule.max) return true;
  std::vector<double> values;
  for (const auto& value : repetitions)
    if (value) values.push_back(*value);
  if (values.empty()) return repetitions.size() > 1;  // nothing to be known: more of it would help nobody
  if (values.size() < 2) return false;
  const MeanEstimate estimate = estimate_mean(values, rule.confidence.value());
  return estimate.half_width <= rule.rel_ci.value() * std::abs(estimate.mean);
}

}  // namespace conclave
