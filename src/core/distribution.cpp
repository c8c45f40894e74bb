#include "core/distribution.hpp"

#include <cmath>

namespace conclave {

namespace {

constexpr double kLn2 = 0.693147180559945309417;
constexpr double kSqrtHalf = 0.707106781186547524401;
/// Pairs of words tried at most: each lies in the circle with probability pi / 4, so this fails once in 10^42 draws.
constexpr std::uint64_t kPolarTriesMax = 64;

}  // namespace

double unit_interval(std::uint64_t word) {
  return (static_cast<double>(word >> 12) + 0.5) / 4503599627370496.0;  // 2^52
}

double natural_log(double x) {
  // x = m 2^e with m near 1; ln m = 2 artanh((m - 1) / (m + 1)), whose series ends fast for |m - 1| < 0.42.
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < kSqrtHalf) {
    m *= 2;
    exponent--;
  }
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double sum = 0;
  for (int k = 25; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
  return 2 * s * sum + exponent * kLn2;
}

double exponential_of(double x) {
  // x = k ln 2 + r with |r| <= 0.35, and Taylor's series for r.
  const double k = std::floor(x / kLn2 + 0.5);
  const double r = x - k * kLn2;
  double sum = 1;
  for (int i = 18; i >= 1; i--) sum = 1 + sum * r / i;
  return std::ldexp(sum, static_cast<int>(k));
}

std::uint64_t draw_below(std::uint64_t word, std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<Wide>(word) * (static_cast<Wide>(bound) + 1) >> 64);
}

double draw_exponential(std::uint64_t word) {
  return -natural_log(unit_interval(word));
}

double draw_pareto(std::uint64_t word, double alpha) {
  return exponential_of(-natural_log(unit_interval(word)) / alpha);
}

double draw_normal(const Stream& draws) {
  for (std::uint64_t i = 0; i < kPolarTriesMax; i++) {
    const double u = 2 * unit_interval(draws.at(1 + 2 * i)) - 1;
    const double v = 2 * unit_interval(draws.at(2 + 2 * i)) - 1;
    const double s = u * u + v * v;
    if (s < 1) return u * std::sqrt(-2 * natural_log(s) / s);
  }
  return 0;
}

}  // namespace conclave
