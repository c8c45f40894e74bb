// The options of an auctioneer, and what they cannot mean.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/auction_rules.hpp"
#include "protocols/auction/history.hpp"

namespace conclave {

template <>
struct Choices<Measure> {
  static constexpr std::pair<Measure, std::string_view> kNames[] = {{Measure::cost, "cost"},
                                                                    {Measure::quality, "quality"},
                                                                    {Measure::performance, "performance"},
                                                                    {Measure::reliability, "reliability"},
                                                                    {Measure::innovation, "innovation"}};
};
template <>
struct Choices<Better> {
  static constexpr std::pair<Better, std::string_view> kNames[] = {{Better::lower, "lower"},
                                                                   {Better::higher, "higher"}};
};
template <>
struct Choices<Missing> {
  static constexpr std::pair<Missing, std::string_view> kNames[] = {{Missing::refused, "refused"},
                                                                    {Missing::worst, "worst"}};
};
template <>
struct Choices<Curve> {
  static constexpr std::pair<Curve, std::string_view> kNames[] = {{Curve::linear, "linear"}, {Curve::root, "root"}};
};

struct CriterionOptions {
  Measure of = Measure::cost;
  std::string unit;
  Better better = Better::higher;
  Factor least;
  Factor most = Factor::of(1);
  std::optional<Factor> ideal;
  Factor weight;
  Factor worth;
  Curve curve = Curve::linear;
  Missing missing = Missing::refused;
  static const ParamTable& params();
  Criterion criterion() const;
};

struct TaskOptions {
  std::string name = "task";
  ComputeSpeed operations{0};
  Probability spread;
  ByteCount input;
  ByteCount result;
  Factor reserve = Factor::of(100);
  Factor quality_least;
  Duration within = std::chrono::seconds(10);
  static const ParamTable& params();
};

struct AuctioneerOptions {
  std::string bidders = "bidder";
  NameIn<MechanismCatalog> mechanism{"contract_net"};
  NameIn<ScoringCatalog> scoring{"weighted_sum"};
  std::vector<CriterionOptions> criteria = usual_criteria();
  std::vector<TaskOptions> tasks{TaskOptions()};
  std::uint32_t lot = 1;
  Duration bid_window = std::chrono::milliseconds(100);
  bool acknowledge = true;
  Duration answer_within = std::chrono::milliseconds(100);
  std::uint32_t reawards = 3;
  Duration grace = std::chrono::milliseconds(50);
  Factor tolerance = Factor::of(0.05);
  Factor risk_aversion = Factor::of(0.1);
  Factor epsilon = Factor::of(0.1);
  Duration round = std::chrono::milliseconds(10);
  Factor newcomer_trust = Factor::of(0.9);
  Factor prior_strength = Factor::of(2);
  Factor memory = Factor::of(0.95);
  Factor caution = Factor::of(1);
  Factor risk_tail = Factor::of(0.8);

  static const ParamTable& params();
  /// What one option alone cannot tell.
  static void check(const AuctioneerOptions& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics);
  static std::vector<CriterionOptions> usual_criteria();

  AuctionTerms terms() const;
  Learning learning() const;
  /// The `number`-th task; `draws` are those of the run's tasks.
  AuctionTask task(std::uint64_t number, const Stream& draws) const;
  /// From the deadline of an auction to the end of its last task.
  Duration ends_within() const;
};

inline Millionths millionths(Factor factor) {
  return static_cast<Millionths>(factor.millionths);
}

}  // namespace conclave
