// SPOTIS (Dezert, Tchamova, Han, Tacnet, "The SPOTIS Rank Reversal Free Method for Multi-Criteria Decision-Making
// Support", FUSION 2020): the weighted distance from a declared ideal, each criterion in units of its declared range.
// The score is one less that distance. With the ideal at the better bound it is the weighted sum; an ideal inside the
// bounds says that more can be too much.

#include <algorithm>

#include "core/auction_rules.hpp"

namespace conclave {
namespace {

class Spotis final : public ScoringRule {
 public:
  Scores score(const std::vector<Criterion>& criteria, const CriteriaMatrix& measured) const override {
    Scores scores;
    scores.parts.resize(measured.rows(), measured.cols());
    for (Eigen::Index j = 0; j < measured.cols(); j++) {
      const Criterion& criterion = criteria[static_cast<std::size_t>(j)];
      const Millionths range = criterion.most - criterion.least;
      for (Eigen::Index i = 0; i < measured.rows(); i++) {
        const Millionths distance = std::max(measured(i, j) - criterion.ideal, criterion.ideal - measured(i, j));
        scores.parts(i, j) = criterion.weight - scaled(criterion.weight, distance, range);
      }
    }
    scores.total = scores.parts.rowwise().sum();
    return scores;
  }
};

const bool registered = ScoringCatalog::add<Spotis>(
    {.name = "spotis", .family = "auction", .summary = "weighted distance from a declared ideal, in declared bounds"});

}  // namespace
}  // namespace conclave
