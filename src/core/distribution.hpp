// Draws from distributions, the same bits on every machine: only IEEE additions, multiplications, divisions and square
// roots, which are exact to the last bit everywhere. The functions of <cmath> are not, and neither is `std::` random.
#pragma once

#include <cstdint>

#include "core/random.hpp"

namespace conclave {

/// A random word as a number in (0, 1), never its ends.
double unit_interval(std::uint64_t word);

/// Natural logarithm, to about 1e-15. Requires x > 0.
double natural_log(double x);
/// e to the power x, to about 1e-14. Requires |x| < 700.
double exponential_of(double x);

/// Uniform in [0, bound], by multiplication: the bias is below 2^-32 for bounds of less than four seconds in ns.
std::uint64_t draw_below(std::uint64_t word, std::uint64_t bound);

/// Exponential with mean 1.
double draw_exponential(std::uint64_t word);
/// Pareto with least value 1 and tail index `alpha`: P(X > x) = x^-alpha. Its mean is alpha / (alpha - 1).
double draw_pareto(std::uint64_t word, double alpha);
/// Standard normal, by Marsaglia's polar method (Marsaglia, Bray, 1964) on words 1, 2, 3… of `draws`.
double draw_normal(const Stream& draws);

}  // namespace conclave
