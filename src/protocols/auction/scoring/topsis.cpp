// TOPSIS (Hwang, Yoon, "Multiple Attribute Decision Making", 1981), with min-max normalisation: near the best that the
// bids offer in each criterion and far from the worst.
//
//   v_ij = w_j * share of the range of the received bids;  score_i = d_worst / (d_best + d_worst), Euclidean distances
//
// Best and worst are those of the bids received, so as with min_max a losing bid can change the winner. `parts` are the
// weighted values v_ij; the score is not their sum, so they are scaled to it.

#include <algorithm>
#include <cmath>

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class Topsis final : public ScoringRule {
 public:
  bool independent() const override { return false; }

  Scores score(const std::vector<Criterion>& criteria, const CriteriaMatrix& measured) const override {
    const CriteriaMatrix values = weighted(criteria, measured);
    Scores scores;
    scores.parts = CriteriaMatrix::Zero(measured.rows(), measured.cols());
    scores.total.resize(measured.rows());
    for (Eigen::Index i = 0; i < measured.rows(); i++) {
      double to_best = 0, to_worst = 0;
      for (Eigen::Index j = 0; j < measured.cols(); j++) {
        const auto column = values.col(j);
        to_best += square(values(i, j) - column.maxCoeff());
        to_worst += square(values(i, j) - column.minCoeff());
      }
      scores.total(i) = closeness(std::sqrt(to_best), std::sqrt(to_worst));
      share_out(values, i, scores);
    }
    return scores;
  }

 private:
  static CriteriaMatrix weighted(const std::vector<Criterion>& criteria, const CriteriaMatrix& measured) {
    CriteriaMatrix values(measured.rows(), measured.cols());
    for (Eigen::Index j = 0; j < measured.cols(); j++) {
      Criterion received = criteria[static_cast<std::size_t>(j)];
      received.least = measured.col(j).minCoeff();
      received.most = measured.col(j).maxCoeff();
      for (Eigen::Index i = 0; i < measured.rows(); i++)
        values(i, j) = received.least == received.most
                           ? received.weight
                           : scaled(received.weight, share_of_range(received, measured(i, j)), kOne);
    }
    return values;
  }

  /// Exact: differences of millionths, and their squares, fit a double.
  static double square(Millionths difference) {
    const auto value = static_cast<double>(difference);
    return value * value;
  }
  /// By IEEE operations only. One when all bids are equal.
  static Millionths closeness(double to_best, double to_worst) {
    if (to_best + to_worst == 0) return kOne;
    return static_cast<Millionths>(std::floor(to_worst / (to_best + to_worst) * 1e6 + 0.5));
  }
  /// The score by criterion, in proportion to the weighted values; what rounding leaves goes to the first.
  static void share_out(const CriteriaMatrix& values, Eigen::Index i, Scores& scores) {
    const Millionths sum = values.row(i).sum();
    Millionths given = 0;
    for (Eigen::Index j = 0; j < values.cols() && sum > 0; j++) {
      scores.parts(i, j) = scaled(scores.total(i), values(i, j), sum);
      given += scores.parts(i, j);
    }
    scores.parts(i, 0) += scores.total(i) - given;
  }
};

const bool registered = ScoringCatalog::add<Topsis>(
    {.name = "topsis",
     .family = "auction",
     .summary = "near the best and far from the worst of the bids received; a losing bid can change the winner"});

}  // namespace
}  // namespace conclave
