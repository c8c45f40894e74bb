#include "protocols/auction/strategy.hpp"

#include <algorithm>
#include <cmath>

namespace conclave {

namespace {

/// Even number of intervals of Simpson's rule: the integrands are smooth, the error is below a millionth.
constexpr int kIntervals = 128;

double power(double base, std::uint32_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1, base *= base)
    if (exponent & 1) result *= base;
  return result;
}

/// By IEEE additions, multiplications and divisions in a fixed order: the same everywhere.
template <class Function>
double integrate(double from, double to, Function&& function) {
  const double step = (to - from) / kIntervals;
  double sum = function(from) + function(to);
  for (int i = 1; i < kIntervals; i++) sum += function(from + step * i) * (i % 2 == 1 ? 4 : 2);
  return sum * step / 3;
}

double units(Millionths value) {
  return static_cast<double>(value) / 1e6;
}
Millionths rounded(double value) {
  return static_cast<Millionths>(std::floor(value * 1e6 + 0.5));
}

const Criterion* quality_as_root(const AuctionTerms& terms) {
  for (const Criterion& criterion : terms.criteria)
    if (criterion.of == Measure::quality && criterion.curve == Curve::root && criterion.worth > 0) return &criterion;
  return nullptr;
}

/// The bid of a bidder that chooses its quality.
Priced best_quality(bool shade, const Criterion& quality, const BidderType& type) {
  const double theta = units(type.cost), worth = units(quality.worth);
  const double root = worth / (2 * theta);
  const Millionths chosen = std::clamp(rounded(root * root), quality.least, quality.most);
  const Millionths cost = rounded(theta * units(chosen));
  const Millionths value = rounded(worth * std::sqrt(units(chosen)));
  const Millionths price = shade ? std::max(cost, value - first_score_bid(type, quality.worth)) : cost;
  return {.price = price, .cost = cost, .quality = chosen};
}

}  // namespace

std::optional<Priced> price(Strategy strategy, const AuctionTerms& terms, const AuctionTask& task,
                            const BidderType& type) {
  const auto mechanism = make_by_name<MechanismCatalog>(terms.mechanism);
  const bool shade = strategy == Strategy::equilibrium && !mechanism->truthful();
  Priced priced{.price = type.cost, .cost = type.cost, .quality = type.quality};
  const Criterion* chosen = quality_as_root(terms);
  if (mechanism->needs_quasi_linear() && chosen && type.cost > 0) {
    priced = best_quality(shade, *chosen, type);
  } else if (shade && type.cost <= task.reserve) {
    priced.price = first_price_bid(type, task.reserve);
  }
  if (priced.cost > task.reserve) return std::nullopt;
  priced.price = std::min(priced.price, task.reserve);
  return priced;
}

Millionths first_price_bid(const BidderType& type, Millionths reserve) {
  const Millionths top = std::min(type.cost_most, reserve);
  if (type.rivals == 0) return reserve;
  if (type.cost >= top) return type.cost;
  if (reserve >= type.cost_most)
    return type.cost + (type.cost_most - type.cost) / (static_cast<Millionths>(type.rivals) + 1);
  const double most = units(type.cost_most), own = units(type.cost);
  const double rent =
      integrate(own, units(top), [&](double x) { return power((most - x) / (most - own), type.rivals); });
  return type.cost + rounded(rent);
}

Millionths first_score_bid(const BidderType& type, Millionths worth) {
  if (type.rivals == 0) return 0;
  const double own = units(type.cost), most = units(type.cost_most);
  const double scale = units(worth) * units(worth) / 4;
  if (own >= most) return rounded(scale / own);
  // The best rival has the least theta of those above `own`: with t its place between `own` and `most`, of density
  // rivals * (1 - t)^(rivals - 1).
  const double expected = integrate(
      0, 1, [&](double t) { return type.rivals * power(1 - t, type.rivals - 1) * scale / (own + (most - own) * t); });
  return rounded(expected);
}

}  // namespace conclave
