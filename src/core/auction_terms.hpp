// What an auction is about, published before anyone bids: the tasks, the criteria with their units, directions, bounds
// and weights, the mechanism, the scoring rule. Shared by the protocols of the family, its checkers and its outcome.
//
// All quantities are integers: money and measures in millionths of their unit, scores in millionths, time in
// nanoseconds. So sums are exact in any order, and no result hangs on a compiler.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace conclave {

/// A number in millionths: of a unit of money, of a criterion's unit, of one.
using Millionths = std::int64_t;
inline constexpr Millionths kOne = 1'000'000;

/// Largest amount, measure or score: a million million millionths. Products of two fit 128 bits with room.
inline constexpr Millionths kMillionthsMax = kOne * kOne;

/// a * b / c, rounded towards minus infinity. Requires c > 0 and that the result fits.
constexpr Millionths scaled(Millionths a, Millionths b, Millionths c) {
  __extension__ using Wide = __int128;
  const Wide product = static_cast<Wide>(a) * b;
  const Wide quotient = product / c;
  return static_cast<Millionths>(quotient - (product % c != 0 && product < 0 ? 1 : 0));
}

/// What of a bid is judged. Cost, quality and performance are what it says (the last two corrected by experience),
/// reliability and innovation are what the auctioneer knows of the bidder and of past work.
enum class Measure : std::uint8_t { cost, quality, performance, reliability, innovation };
inline constexpr std::string_view kMeasureNames[] = {"cost", "quality", "performance", "reliability", "innovation"};
constexpr std::string_view name(Measure measure) {
  return kMeasureNames[static_cast<std::size_t>(measure)];
}

enum class Better : std::uint8_t { lower, higher };
/// What a bid is worth that does not say a measure: nothing at all, or what the worst bound is worth.
enum class Missing : std::uint8_t { refused, worst };
/// How worth grows with a measure, for quasi-linear scores: in proportion, or with its square root.
enum class Curve : std::uint8_t { linear, root };

/// One column of the criteria matrix.
struct Criterion {
  Measure of{};
  std::string unit;
  Better better{};
  Millionths least = 0;  ///< bounds: a bid outside of them is not considered
  Millionths most = kOne;
  Millionths ideal = 0;   ///< for spotis: the best value, within the bounds
  Millionths weight = 0;  ///< of all criteria together kOne
  Millionths worth = 0;   ///< for quasi_linear: money for one unit (for the root of one)
  Curve curve{};
  Missing missing{};
  static void fields(auto& self, auto& field) {
    field("of", self.of);
    field("unit", self.unit);
    field("better", self.better);
    field("least", self.least);
    field("most", self.most);
    field("ideal", self.ideal);
    field("weight", self.weight);
    field("worth", self.worth);
    field("curve", self.curve);
    field("missing", self.missing);
  }
};

/// A piece of work and what is required of it.
struct AuctionTask {
  std::uint64_t number = 0;  ///< the auctioneer's own, from 1
  std::string name;
  std::uint64_t operations = 0;    ///< computed on the winner's host
  std::uint64_t input_bytes = 0;   ///< sent to the winner before
  std::uint64_t result_bytes = 0;  ///< sent back after
  Millionths reserve = 0;          ///< the most that is paid
  Millionths quality_least = 0;
  Duration within{};  ///< the longest that a bidder may ask for
  static void fields(auto& self, auto& field) {
    field("number", self.number);
    field("name", self.name);
    field("operations", self.operations);
    field("input_bytes", self.input_bytes);
    field("result_bytes", self.result_bytes);
    field("reserve", self.reserve);
    field("quality_least", self.quality_least);
    field("within", self.within);
  }
};

/// The rules of an auction.
struct AuctionTerms {
  std::string mechanism;
  std::string scoring;
  std::vector<Criterion> criteria;
  Millionths risk_aversion = 0;  ///< score that a certain total loss costs
  Millionths epsilon = 0;        ///< for bertsekas: the least by which a price rises
  static void fields(auto& self, auto& field) {
    field("mechanism", self.mechanism);
    field("scoring", self.scoring);
    field("criteria", self.criteria);
    field("risk_aversion", self.risk_aversion);
    field("epsilon", self.epsilon);
  }
};

}  // namespace conclave
