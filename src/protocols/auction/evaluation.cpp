#include "protocols/auction/evaluation.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace conclave {

namespace {

/// What the bid itself says of a measure; nothing if it is silent, or if that is not for it to say.
std::optional<Millionths> claimed(Measure measure, const TaskOffer& offer) {
  switch (measure) {
    case Measure::cost: return offer.price;
    case Measure::quality: return offer.quality;
    case Measure::performance: return offer.performance;
    case Measure::reliability:
    case Measure::innovation: break;
  }
  return std::nullopt;
}

bool of_bidder(Measure measure) {
  return measure == Measure::cost || measure == Measure::quality || measure == Measure::performance;
}

bool within(const Criterion& criterion, Millionths value) {
  return criterion.least <= value && value <= criterion.most;
}

/// Why the offer cannot be considered, whatever its score would be.
std::string why_infeasible(const AuctionTerms& terms, const AuctionTask& task, const TaskOffer& offer,
                           const Assessment& assessment) {
  if (offer.price < 0) return "a negative price";
  if (offer.price > task.reserve) return "asks for more than the reserve";
  if (offer.duration <= Duration::zero() || offer.duration > task.within) return "takes too long";
  if (task.quality_least > 0 && offer.quality.value_or(0) < task.quality_least) return "promises too little quality";
  for (const Criterion& criterion : terms.criteria) {
    const std::optional<Millionths> said = claimed(criterion.of, offer);
    if (of_bidder(criterion.of) && !said && criterion.missing == Missing::refused)
      return fmt::format("does not say its {}", name(criterion.of));
    if (said && !within(criterion, *said)) return fmt::format("{} outside of its bounds", name(criterion.of));
    if (criterion.of == Measure::reliability && !within(criterion, assessment.reliability))
      return "reliability outside of its bounds";
  }
  return {};
}

Millionths expected(const AuctionTerms& terms, const Criterion& criterion, const TaskOffer& offer,
                    const Assessment& assessment, const InnovationArchive& archive) {
  const auto corrected = [&](const std::optional<Millionths>& said, Millionths calibration) {
    const Millionths worst = criterion.better == Better::higher ? criterion.least : criterion.most;
    return said ? scaled(*said, calibration, kOne) : worst;
  };
  Millionths value = 0;
  switch (criterion.of) {
    case Measure::cost: value = offer.price; break;
    case Measure::quality: value = corrected(offer.quality, assessment.quality_calibration); break;
    case Measure::performance: value = corrected(offer.performance, assessment.performance_calibration); break;
    case Measure::reliability: value = assessment.reliability; break;
    case Measure::innovation:
      value = archive.novelty(features(terms, offer.price, offer.quality.value_or(0), offer.performance.value_or(0)));
      break;
  }
  return std::clamp(value, criterion.least, criterion.most);
}

/// Scores those that are considered, all at once: some rules compare them with each other.
void score(const AuctionTerms& terms, const ScoringRule& rule, std::vector<Evaluated>& all) {
  std::vector<Evaluated*> considered;
  for (Evaluated& each : all)
    if (each.infeasible.empty()) considered.push_back(&each);
  if (considered.empty()) return;
  const auto columns = static_cast<Eigen::Index>(terms.criteria.size());
  CriteriaMatrix measured(static_cast<Eigen::Index>(considered.size()), columns);
  for (Eigen::Index i = 0; i < measured.rows(); i++)
    for (Eigen::Index j = 0; j < columns; j++)
      measured(i, j) = considered[static_cast<std::size_t>(i)]->measured[static_cast<std::size_t>(j)];
  const Scores scores = rule.score(terms.criteria, measured);
  for (Eigen::Index i = 0; i < measured.rows(); i++) {
    Evaluated& bid = *considered[static_cast<std::size_t>(i)];
    for (Eigen::Index j = 0; j < columns; j++) bid.parts.push_back(scores.parts(i, j));
    bid.score = scores.total(i) - scaled(terms.risk_aversion, bid.risk, kOne);
  }
}

}  // namespace

std::vector<Evaluated> evaluate(const AuctionTerms& terms, const ScoringRule& rule, const AuctionTask& task,
                                const std::vector<std::pair<AgentId, TaskOffer>>& offers,
                                const std::map<AgentId, Assessment>& assessments, const InnovationArchive& archive,
                                const Stream& lots) {
  std::vector<Evaluated> all;
  all.reserve(offers.size());
  for (const auto& [bidder, offer] : offers) {
    const Assessment& assessment = assessments.at(bidder);
    Evaluated& bid = all.emplace_back();
    bid.bidder = bidder;
    bid.offer = offer;
    bid.tie = lots.at(index(bidder));
    bid.risk = assessment.risk;
    bid.infeasible = why_infeasible(terms, task, offer, assessment);
    if (!bid.infeasible.empty()) continue;
    for (const Criterion& criterion : terms.criteria)
      bid.measured.push_back(expected(terms, criterion, offer, assessment, archive));
  }
  score(terms, rule, all);
  return all;
}

InnovationArchive::Features features(const AuctionTerms& terms, Millionths price, Millionths quality,
                                     Millionths performance) {
  InnovationArchive::Features at{};
  const Millionths values[] = {price, quality, performance};
  for (const Criterion& criterion : terms.criteria)
    if (of_bidder(criterion.of)) {
      const auto column = static_cast<std::size_t>(criterion.of);
      at[column] = share_of_range(criterion, std::clamp(values[column], criterion.least, criterion.most));
    }
  return at;
}

}  // namespace conclave
