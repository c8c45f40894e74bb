// Distributions: the functions beneath them against <cmath>, their moments and tails against closed forms. Each sample
// is drawn once from a fixed seed; bounds are five standard errors, which a correct draw exceeds once in 1.7 million.

#include <doctest/doctest.h>

#include <cmath>

#include "core/distribution.hpp"

namespace conclave {
namespace {

constexpr std::uint64_t kDraws = 200'000;

template <class Draw>
double mean_of(const Draw& draw) {
  const Stream stream(1, "distribution");
  double sum = 0;
  for (std::uint64_t i = 0; i < kDraws; i++) sum += draw(stream.child(i));
  return sum / static_cast<double>(kDraws);
}

/// Five standard errors of the mean of draws with this deviation.
double five_errors(double deviation) {
  return 5 * deviation / std::sqrt(static_cast<double>(kDraws));
}

TEST_CASE("logarithm and exponential are those of the mathematics library") {
  for (double x = 1e-17; x < 1e17; x *= 1.37) {
    CHECK(natural_log(x) == doctest::Approx(std::log(x)).epsilon(1e-14));
    CHECK(exponential_of(natural_log(x)) == doctest::Approx(x).epsilon(1e-13));
  }
  for (double x = -600; x < 600; x += 7.3) CHECK(exponential_of(x) == doctest::Approx(std::exp(x)).epsilon(1e-13));
  CHECK(natural_log(1) == 0);
  CHECK(exponential_of(0) == 1);
}

TEST_CASE("a word is a number strictly between 0 and 1") {
  CHECK(unit_interval(0) > 0);
  CHECK(unit_interval(~std::uint64_t{0}) < 1);
}

TEST_CASE("uniform draws reach both ends and no further") {
  CHECK(draw_below(0, 10) == 0);
  CHECK(draw_below(~std::uint64_t{0}, 10) == 10);
  CHECK(draw_below(12345, 0) == 0);
  const double mean = mean_of([](const Stream& draws) { return static_cast<double>(draw_below(draws.at(0), 1000)); });
  CHECK(std::abs(mean - 500) < five_errors(1001 / std::sqrt(12.0)));
}

TEST_CASE("exponential: mean 1 and P(X > 3) = e^-3") {
  CHECK(std::abs(mean_of([](const Stream& draws) { return draw_exponential(draws.at(0)); }) - 1) < five_errors(1));
  const double tail = mean_of([](const Stream& draws) { return draw_exponential(draws.at(0)) > 3 ? 1.0 : 0.0; });
  const double expected = std::exp(-3.0);
  CHECK(std::abs(tail - expected) < five_errors(std::sqrt(expected * (1 - expected))));
}

TEST_CASE("Pareto: least value 1 and P(X > 10) = 10^-alpha") {
  const double alpha = 1.5;
  double least = 100;
  const double tail = mean_of([&](const Stream& draws) {
    const double x = draw_pareto(draws.at(0), alpha);
    least = std::min(least, x);
    return x > 10 ? 1.0 : 0.0;
  });
  const double expected = std::pow(10, -alpha);
  CHECK(least >= 1);
  CHECK(least < 1.001);
  CHECK(std::abs(tail - expected) < five_errors(std::sqrt(expected * (1 - expected))));
}

TEST_CASE("normal: mean 0, variance 1, P(X > 2) = 2.275 %") {
  CHECK(std::abs(mean_of(draw_normal)) < five_errors(1));
  const double variance = mean_of([](const Stream& draws) { return std::pow(draw_normal(draws), 2); });
  CHECK(std::abs(variance - 1) < five_errors(std::sqrt(2.0)));
  const double tail = mean_of([](const Stream& draws) { return draw_normal(draws) > 2 ? 1.0 : 0.0; });
  CHECK(std::abs(tail - 0.0227501) < five_errors(std::sqrt(0.0227501 * 0.9772499)));
}

}  // namespace
}  // namespace conclave
