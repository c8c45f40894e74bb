// Points that fill space: each stratum once, the published sequence, and more even than chance.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/random.hpp"
#include "sweep/samplers.hpp"

namespace conclave {
namespace {

/// Error of the mean of a function whose mean over the unit cube is 1.
double error_of(const UnitPoints& points) {
  double sum = 0;
  for (const auto& point : points) {
    double product = 1;
    for (const double x : point) product *= 2 * x;
    sum += product;
  }
  return std::abs(sum / static_cast<double>(points.size()) - 1);
}

}  // namespace

TEST_CASE("a latin hypercube has a point in each stratum of each dimension") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const UnitPoints points = latin_hypercube(50, 4, seed);
    for (std::size_t dimension = 0; dimension < 4; dimension++) {
      std::set<int> strata;
      for (const auto& point : points) strata.insert(static_cast<int>(point[dimension] * 50));
      CHECK(strata.size() == 50);
      CHECK(*strata.begin() == 0);
      CHECK(*strata.rbegin() == 49);
    }
  }
  CHECK(latin_hypercube(50, 4, 1) != latin_hypercube(50, 4, 2));
  CHECK(latin_hypercube(50, 4, 1) == latin_hypercube(50, 4, 1));
}

TEST_CASE("the dimensions of a latin hypercube are dealt independently") {
  const UnitPoints points = latin_hypercube(50, 2, 1);
  CHECK(
      std::any_of(points.begin(), points.end(), [](const auto& point) { return std::abs(point[0] - point[1]) > 0.5; }));
}

TEST_CASE("a Sobol sequence is the published one") {
  // Bratley and Fox, 1988, after the point of all zeros.
  CHECK(sobol(5, 2, 0) == UnitPoints{{0.5, 0.5}, {0.75, 0.25}, {0.25, 0.75}, {0.375, 0.375}, {0.875, 0.875}});
}

TEST_CASE("a shifted Sobol sequence is another one, and as even") {
  const UnitPoints plain = sobol(1023, 3, 0), shifted = sobol(1023, 3, 5);
  CHECK(plain != shifted);
  UnitPoints chance(1023, std::vector<double>(3));
  Random random{Stream(1, "chance")};
  for (auto& point : chance)
    for (double& x : point) x = static_cast<double>(random.next() >> 11) / 9007199254740992.0;
  CHECK(error_of(plain) < error_of(chance) / 3);
  CHECK(error_of(shifted) < error_of(chance) / 3);
}

}  // namespace conclave
