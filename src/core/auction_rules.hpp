// The pure parts of an auction, picked by name: how bids are scored, and who wins and is paid what. Both are functions
// of the published terms and the bids, without memory, so that a checker can ask them again: what if this losing bid
// had not been there, or had come later, or had asked for a little more?
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/auction_terms.hpp"
#include "core/catalog.hpp"

namespace conclave {

/// A row for each bid, a column for each criterion. Of integers: Eigen may sum in whatever order it likes.
using CriteriaMatrix = Eigen::Matrix<Millionths, Eigen::Dynamic, Eigen::Dynamic>;
using ScoreColumn = Eigen::Matrix<Millionths, Eigen::Dynamic, 1>;
using WeightRow = Eigen::Matrix<Millionths, 1, Eigen::Dynamic>;

struct Scores {
  CriteriaMatrix parts;  ///< what each criterion adds
  ScoreColumn total;     ///< higher is better
};

class ScoringRule {
 public:
  virtual ~ScoringRule() = default;
  /// Requires that every measure lies within the bounds of its criterion.
  virtual Scores score(const std::vector<Criterion>& criteria, const CriteriaMatrix& measured) const = 0;
  /// The promise that the score of a bid does not hang on the other bids: deleting a losing bid changes nothing.
  virtual bool independent() const { return true; }
  /// Whether the score is worth minus price, in money: only then do score and price trade one for one.
  virtual bool quasi_linear() const { return false; }
};

struct ScoringKind {
  static constexpr std::string_view kName = "scoring";
  using Product = ScoringRule;
  using Context = NoOptions;
};
using ScoringCatalog = Catalog<ScoringKind>;

/// A bid for one task that has passed the filter.
struct ScoredBid {
  AgentId bidder{};
  std::size_t task = 0;  ///< position among the tasks of the auction
  Millionths price = 0;
  Millionths score = 0;
  std::uint64_t tie = 0;  ///< a lot, drawn when bidding was over
};

/// Who gets a task for how much.
struct Settled {
  std::size_t task = 0;
  std::size_t bid = 0;
  Millionths payment = 0;
};

class Mechanism {
 public:
  virtual ~Mechanism() = default;
  /// At most one entry for each task, and for each bidder; ascending by task. `tasks` says the reserves.
  virtual std::vector<Settled> settle(const std::vector<AuctionTask>& tasks,
                                      const std::vector<ScoredBid>& bids) const = 0;
  /// Whether several tasks can be auctioned at once.
  virtual bool many_tasks() const { return false; }
  /// Whether the winner is found by score; otherwise by price.
  virtual bool by_score() const { return true; }
  /// Whether score and price must trade one for one.
  virtual bool needs_quasi_linear() const { return false; }
  /// The claim that to ask for one's true cost is best whatever the others do.
  virtual bool truthful() const { return false; }
  /// Whether bidding goes on in rounds of falling prices.
  virtual bool in_rounds() const { return false; }
  /// Whether bidders promise nothing before the award: they are asked then.
  virtual bool confirms() const { return false; }
};

struct MechanismKind {
  static constexpr std::string_view kName = "mechanism";
  using Product = Mechanism;
  using Context = NoOptions;
};
using MechanismCatalog = Catalog<MechanismKind>;

/// A component without options, by its name. Requires that the catalog has it.
template <class Catalog>
std::unique_ptr<typename Catalog::Product> make_by_name(std::string_view name) {
  Diagnostics none;
  return Catalog::configure(name, Value::map(), none).make(NoOptions{});
}

/// Whether `a` stands before `b` in a ranking by score, and in one by price. Ties are broken by lot, then by number.
inline bool better_score(const ScoredBid& a, const ScoredBid& b) {
  return std::tuple(-a.score, a.tie, index(a.bidder)) < std::tuple(-b.score, b.tie, index(b.bidder));
}
inline bool better_price(const ScoredBid& a, const ScoredBid& b) {
  return std::tuple(a.price, a.tie, index(a.bidder)) < std::tuple(b.price, b.tie, index(b.bidder));
}

/// Positions of the best bid and the next, or of as many as there are. Requires that all are for one task.
struct BestTwo {
  std::optional<std::size_t> first;
  std::optional<std::size_t> second;
};
template <class Before>
BestTwo best_two(const std::vector<ScoredBid>& bids, Before&& before) {
  BestTwo best;
  for (std::size_t i = 0; i < bids.size(); i++) {
    if (!best.first || before(bids[i], bids[*best.first])) {
      best.second = best.first;
      best.first = i;
    } else if (!best.second || before(bids[i], bids[*best.second])) {
      best.second = i;
    }
  }
  return best;
}

/// A measure as a share of the way from the worst to the best bound: 0 to kOne. Requires least < most.
inline Millionths share_of_range(const Criterion& criterion, Millionths measured) {
  const Millionths range = criterion.most - criterion.least;
  const Millionths above = criterion.better == Better::higher ? measured - criterion.least : criterion.most - measured;
  return scaled(above, kOne, range);
}

/// The name of a component of `Catalog` as a parameter.
template <class Catalog>
struct NameIn {
  std::string name;
};
template <class Kind>
struct ParamType<NameIn<Catalog<Kind>>> {
  using Names = Catalog<Kind>;
  static std::string name() { return std::string(Kind::kName); }
  static std::string schema() { return R"({"type":"string"})"; }
  static std::optional<NameIn<Names>> read(const Value& value, Diagnostics& diagnostics) {
    if (!value.is_scalar())
      return params_detail::wrong_type(value, "the name of a " + name(), diagnostics), std::nullopt;
    if (Names::has(value.text)) return NameIn<Names>{value.text};
    diagnostics.error(value.at, "unknown " + name() + " `" + value.text + "`", suggestion(value.text, Names::names()));
    return std::nullopt;
  }
  static Value write(const NameIn<Names>& chosen) { return Value::scalar(chosen.name); }
};

}  // namespace conclave
