// From bids to scores: which are considered at all, what each is expected to bring, and how that is scored. Feasibility
// is a filter and never a matter of weights: a bid outside the published bounds cannot be bought back by its price.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/auction_messages.hpp"
#include "core/auction_rules.hpp"
#include "protocols/auction/history.hpp"

namespace conclave {

/// A bid for one task, judged.
struct Evaluated {
  AgentId bidder{};
  TaskOffer offer;
  std::string infeasible;            ///< why it is not considered; empty if it is
  std::vector<Millionths> measured;  ///< as expected, in the order of the criteria
  std::vector<Millionths> parts;
  Millionths risk = 0;
  Millionths score = 0;
  std::uint64_t tie = 0;
};

/// `offers` are in ascending order of bidders, which all have an assessment; `lots` break ties.
std::vector<Evaluated> evaluate(const AuctionTerms& terms, const ScoringRule& rule, const AuctionTask& task,
                                const std::vector<std::pair<AgentId, TaskOffer>>& offers,
                                const std::map<AgentId, Assessment>& assessments, const InnovationArchive& archive,
                                const Stream& lots);

/// Where a contract stands among others, each measure as a share of its criterion's range; 0 where there is none.
InnovationArchive::Features features(const AuctionTerms& terms, Millionths price, Millionths quality,
                                     Millionths performance);

}  // namespace conclave
