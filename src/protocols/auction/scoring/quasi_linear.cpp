// Quasi-linear: what the bid is worth less what it costs, both in money (quality to price). Each criterion declares
// what one unit of it is worth, or the root of one; the weights do not count. Only here do a score and a price trade
// one for one, which is what first_score and second_score need (Che 1993; Asker, Cantillon, RAND 39, 2008).

#include <cmath>

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class QuasiLinear final : public ScoringRule {
 public:
  bool quasi_linear() const override { return true; }

  Scores score(const std::vector<Criterion>& criteria, const CriteriaMatrix& measured) const override {
    Scores scores;
    scores.parts.resize(measured.rows(), measured.cols());
    for (Eigen::Index j = 0; j < measured.cols(); j++)
      for (Eigen::Index i = 0; i < measured.rows(); i++)
        scores.parts(i, j) = worth(criteria[static_cast<std::size_t>(j)], measured(i, j));
    scores.total = scores.parts.rowwise().sum();
    return scores;
  }

 private:
  static Millionths worth(const Criterion& criterion, Millionths measured) {
    if (criterion.of == Measure::cost) return -measured;
    if (criterion.curve == Curve::linear) return scaled(criterion.worth, measured, kOne);
    const double root = std::sqrt(static_cast<double>(measured) / 1e6);
    return static_cast<Millionths>(std::floor(static_cast<double>(criterion.worth) * root + 0.5));
  }
};

const bool registered = ScoringCatalog::add<QuasiLinear>(
    {.name = "quasi_linear", .family = "auction", .summary = "what a bid is worth less its price, in money"});

}  // namespace
}  // namespace conclave
