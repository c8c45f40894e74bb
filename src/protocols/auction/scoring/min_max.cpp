// Min-max, the baseline and no more than that: as weighted_sum, but the cost as a share of the range of the costs that
// happen to be asked. So a bid that cannot win moves the others: with cost and quality weighed alike, A (cost 10,
// quality 0.9) scores .45 and loses to B (8, 0.7) with .85, until C (100, 0) joins and A wins with .94. Procurement
// knows such relative formulas well; Portugal forbade them in 2008. When all ask for the same, all get the whole
// weight.

#include <algorithm>

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class MinMax final : public ScoringRule {
 public:
  bool independent() const override { return false; }

  Scores score(const std::vector<Criterion>& criteria, const CriteriaMatrix& measured) const override {
    Scores scores;
    scores.parts.resize(measured.rows(), measured.cols());
    for (Eigen::Index j = 0; j < measured.cols(); j++) {
      Criterion range = criteria[static_cast<std::size_t>(j)];
      if (range.of == Measure::cost) {
        range.least = measured.col(j).minCoeff();
        range.most = measured.col(j).maxCoeff();
      }
      const bool equal = range.least == range.most;
      for (Eigen::Index i = 0; i < measured.rows(); i++)
        scores.parts(i, j) = scaled(range.weight, equal ? kOne : share_of_range(range, measured(i, j)), kOne);
    }
    scores.total = scores.parts.rowwise().sum();
    return scores;
  }
};

const bool registered = ScoringCatalog::add<MinMax>(
    {.name = "min_max",
     .family = "auction",
     .summary = "baseline: cost as a share of the range of the bids received; a losing bid can change the winner"});

}  // namespace
}  // namespace conclave
