// Points that fill a space of parameters evenly with few runs.
#pragma once

#include <cstdint>
#include <vector>

namespace conclave {

/// Coordinates in [0, 1), a row for each point.
using UnitPoints = std::vector<std::vector<double>>;

/// Parameters that a Sobol sequence may have.
inline constexpr std::size_t kSobolDimensionsMax = 1000;

/// Latin hypercube (McKay, Beckman, Conover, 1979): in each dimension, each of `points` equal strata holds one point,
/// at a random place within it.
UnitPoints latin_hypercube(std::size_t points, std::size_t dimensions, std::uint64_t seed);

/// Sobol sequence (Bratley, Fox, 1988, with the directions of Boost), without its first point, which is all zeros.
/// Seed 0 is the sequence itself; another seed shifts it bit by bit, which keeps it as even. Best with powers of two.
UnitPoints sobol(std::size_t points, std::size_t dimensions, std::uint64_t seed);

}  // namespace conclave
