#include "sweep/samplers.hpp"

#include <boost/random/sobol.hpp>
#include <utility>

#include "core/random.hpp"

namespace conclave {

namespace {

/// 53 bits are a double's: exact.
double share_of(std::uint64_t word) {
  return static_cast<double>(word >> 11) / 9007199254740992.0;
}

std::vector<std::size_t> permutation(std::size_t count, Random random) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; i++) order[i] = i;
  for (std::size_t i = count; i > 1; i--) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace

UnitPoints latin_hypercube(std::size_t points, std::size_t dimensions, std::uint64_t seed) {
  UnitPoints rows(points, std::vector<double>(dimensions));
  const Stream draws(seed, "latin hypercube");
  for (std::size_t dimension = 0; dimension < dimensions; dimension++) {
    const Stream own = draws.child(dimension);
    const std::vector<std::size_t> strata = permutation(points, Random(own.child(0)));
    for (std::size_t i = 0; i < points; i++)
      rows[i][dimension] =
          (static_cast<double>(strata[i]) + share_of(own.child(1).at(i))) / static_cast<double>(points);
  }
  return rows;
}

UnitPoints sobol(std::size_t points, std::size_t dimensions, std::uint64_t seed) {
  boost::random::sobol_engine<std::uint64_t, 64> sequence(dimensions);
  const Stream shifts(seed, "sobol");
  UnitPoints rows(points, std::vector<double>(dimensions));
  for (std::vector<double>& row : rows)
    for (std::size_t dimension = 0; dimension < dimensions; dimension++)
      row[dimension] = share_of(sequence() ^ (seed == 0 ? 0 : shifts.at(dimension)));
  return rows;
}

}  // namespace conclave
