// Weighted sum with declared bounds, the default: each measure as a share of the way from its worst to its best bound,
// times the weight of its criterion. The bounds are published with the call, so a score hangs on its own bid alone, and
// no bid that loses can change who wins (compare min_max).

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class WeightedSum final : public ScoringRule {
 public:
  Scores score(const std::vector<Criterion>& criteria, const CriteriaMatrix& measured) const override {
    WeightRow weights(measured.cols());
    CriteriaMatrix shares(measured.rows(), measured.cols());
    for (Eigen::Index j = 0; j < measured.cols(); j++) {
      const Criterion& criterion = criteria[static_cast<std::size_t>(j)];
      weights(j) = criterion.weight;
      for (Eigen::Index i = 0; i < measured.rows(); i++) shares(i, j) = share_of_range(criterion, measured(i, j));
    }
    Scores scores;
    scores.parts = (shares * weights.asDiagonal()) / kOne;
    scores.total = scores.parts.rowwise().sum();
    return scores;
  }
};

const bool registered =
    ScoringCatalog::add<WeightedSum>({.name = "weighted_sum",
                                      .family = "auction",
                                      .summary = "weighted sum of measures as shares of their declared bounds"});

}  // namespace
}  // namespace conclave
