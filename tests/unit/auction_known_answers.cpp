// Auctions against what is known of them in closed form. Where an answer is an expectation, the mean of many draws must
// lie within kSigmas of its own standard error: a correct program fails one such comparison in 1.7 million, and all of
// this file once in 50 000 (the draws are fixed by their seeds: it passes always or never).

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "core/auction_events.hpp"
#include "core/auction_messages.hpp"
#include "core/best_assignment.hpp"
#include "core/distribution.hpp"
#include "lab/rehearsal.hpp"
#include "protocols/auction/price_rounds.hpp"
#include "protocols/auction/strategy.hpp"

namespace conclave {
namespace {

constexpr double kSigmas = 5;

Millionths parts(double value) {
  return static_cast<Millionths>(value * 1e6 + (value < 0 ? -0.5 : 0.5));
}
double units(Millionths value) {
  return static_cast<double>(value) / 1e6;
}

/// Sums of draws, for their mean and its standard error.
struct Sample {
  double count = 0, sum = 0, squares = 0;
  void add(double value) { count++, sum += value, squares += value * value; }
  double mean() const { return sum / count; }
  double error() const { return std::sqrt((squares / count - mean() * mean()) / count); }
};
void check_mean(const Sample& sample, double known) {
  CAPTURE(sample.mean());
  CAPTURE(sample.error());
  CHECK(std::abs(sample.mean() - known) < kSigmas * sample.error());
}
void check_share(std::uint64_t hits, std::uint64_t trials, double known) {
  const double n = static_cast<double>(trials), share = static_cast<double>(hits) / n;
  CAPTURE(share);
  CHECK(std::abs(share - known) < kSigmas * std::sqrt(known * (1 - known) / n));
}

Criterion criterion(Measure of, Better better, double most, double weight) {
  Criterion made;
  made.of = of;
  made.better = better;
  made.most = parts(most);
  made.ideal = better == Better::higher ? made.most : 0;
  made.weight = parts(weight);
  return made;
}

CriteriaMatrix matrix(std::initializer_list<std::initializer_list<double>> rows) {
  CriteriaMatrix made(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows.begin()->size()));
  Eigen::Index i = 0;
  for (const auto& row : rows) {
    Eigen::Index j = 0;
    for (const double value : row) made(i, j++) = parts(value);
    i++;
  }
  return made;
}

ScoreColumn totals(const char* rule, const std::vector<Criterion>& criteria, const CriteriaMatrix& measured) {
  return make_by_name<ScoringCatalog>(rule)->score(criteria, measured).total;
}

AuctionTask task_with_reserve(double reserve) {
  AuctionTask task;
  task.number = 1;
  task.reserve = parts(reserve);
  return task;
}

/// What is paid when costs are drawn from U[0, 1] and bidders ask for what is best.
Sample payments(const char* mechanism, std::uint32_t n, std::uint64_t auctions) {
  const auto rule = make_by_name<MechanismCatalog>(mechanism);
  AuctionTerms terms;
  terms.mechanism = mechanism;
  terms.scoring = "weighted_sum";
  const AuctionTask task = task_with_reserve(1);
  const Stream draws(11, "costs");
  Sample paid;
  for (std::uint64_t i = 0; i < auctions; i++) {
    std::vector<ScoredBid> bids;
    for (std::uint32_t k = 0; k < n; k++) {
      const BidderType type{.cost = static_cast<Millionths>(draw_below(draws.child(i).at(k), 1'000'000)),
                            .cost_most = kOne,
                            .rivals = n - 1};
      bids.push_back({.bidder = agent(k), .price = price(Strategy::equilibrium, terms, task, type)->price, .tie = k});
    }
    paid.add(units(rule->settle({task}, bids)[0].payment));
  }
  return paid;
}

/// The buyer's score in Che's auction with worth 2 sqrt(q) and theta drawn from U[1, 2].
Sample buyer_scores(const char* mechanism, std::uint32_t n, std::uint64_t auctions) {
  const auto rule = make_by_name<MechanismCatalog>(mechanism);
  AuctionTerms terms;
  terms.mechanism = mechanism;
  terms.scoring = "quasi_linear";
  terms.criteria = {criterion(Measure::cost, Better::lower, 10, 0.5),
                    criterion(Measure::quality, Better::higher, 10, 0.5)};
  terms.criteria[1].worth = 2 * kOne;
  terms.criteria[1].curve = Curve::root;
  const AuctionTask task = task_with_reserve(10);
  const Stream draws(12, "thetas");
  Sample scores;
  for (std::uint64_t i = 0; i < auctions; i++) {
    std::vector<ScoredBid> bids;
    std::vector<Millionths> worths;
    for (std::uint32_t k = 0; k < n; k++) {
      const BidderType type{.cost = kOne + static_cast<Millionths>(draw_below(draws.child(i).at(k), 1'000'000)),
                            .cost_least = kOne,
                            .cost_most = 2 * kOne,
                            .rivals = n - 1};
      const Priced priced = *price(Strategy::equilibrium, terms, task, type);
      const Millionths score =
          totals("quasi_linear", terms.criteria, matrix({{units(priced.price), units(priced.quality)}}))(0);
      bids.push_back({.bidder = agent(k), .price = priced.price, .score = score, .tie = k});
      worths.push_back(score + priced.price);
    }
    const Settled settled = rule->settle({task}, bids)[0];
    scores.add(units(worths[settled.bid] - settled.payment));
  }
  return scores;
}

/// Bertsekas' bid of one who holds nothing: for its best task, indifferent to the second best, and epsilon lower.
template <class Cost>
void undercut(PriceRounds& rounds, AgentId bidder, Millionths epsilon, Cost&& cost) {
  std::optional<std::uint32_t> chosen;
  Millionths best = -1, second = 0;
  for (std::uint32_t j = 0; j < rounds.prices().size(); j++) {
    if (rounds.holders()[j] == bidder) return;
    const Millionths gain = rounds.prices()[j] - cost(j);
    second = std::max(second, std::min(best, gain));
    if (gain > best) best = gain, chosen = j;
  }
  if (!chosen || best < epsilon) return;
  TaskOffer offer;
  offer.task = *chosen + 1;
  offer.price = rounds.prices()[*chosen] - std::min(best, best - second + epsilon);
  rounds.bid(bidder, *chosen, offer);
}

}  // namespace

TEST_CASE("known: first price and second price pay 2 / (n + 1) on average, costs from U[0 1]") {
  for (const std::uint32_t n : {2u, 5u, 10u})
    for (const char* mechanism : {"first_price", "second_price"}) {
      CAPTURE(n);
      CAPTURE(mechanism);
      check_mean(payments(mechanism, n, 20'000), 2.0 / (n + 1));
    }
}

TEST_CASE("known: the first-price equilibrium bid is c + (1 - c) / n, and at most the reserve below that") {
  for (const std::uint32_t n : {2u, 3u, 10u})
    for (const double c : {0.0, 0.25, 0.9}) {
      const BidderType type{.cost = parts(c), .cost_most = kOne, .rivals = n - 1};
      CHECK(std::abs(first_price_bid(type, 2 * kOne) - parts(c + (1 - c) / n)) <= 1);
    }
  // With the reserve at the most that anyone's cost can be, the integral is the same closed form.
  const BidderType type{.cost = parts(0.2), .cost_most = kOne, .rivals = 3};
  CHECK(std::abs(first_price_bid(type, kOne - 1) - parts(0.2 + 0.8 / 4)) <= 2);
  // c + ((M - c)^n - (M - r)^n) / (n (M - c)^(n - 1)) for a reserve r below M.
  CHECK(std::abs(first_price_bid(type, parts(0.6)) - parts(0.2 + (0.4096 - 0.0256) / (4 * 0.512))) <= 2);
}

TEST_CASE("known: Che's pseudotype, quality 1 / theta^2 and score 1 / theta") {
  AuctionTerms terms;
  terms.mechanism = "second_score";
  terms.scoring = "quasi_linear";
  terms.criteria = {criterion(Measure::cost, Better::lower, 10, 0.5),
                    criterion(Measure::quality, Better::higher, 10, 0.5)};
  terms.criteria[1].worth = 2 * kOne;
  terms.criteria[1].curve = Curve::root;
  for (const double theta : {1.0, 1.25, 2.0}) {
    const BidderType type{.cost = parts(theta), .cost_least = kOne, .cost_most = 2 * kOne, .rivals = 1};
    const Priced priced = *price(Strategy::truthful, terms, task_with_reserve(10), type);
    CHECK(std::abs(priced.quality - parts(1 / (theta * theta))) <= 1);
    CHECK(std::abs(priced.price - parts(1 / theta)) <= 2);
    const ScoreColumn score =
        totals("quasi_linear", terms.criteria, matrix({{units(priced.price), units(priced.quality)}}));
    CHECK(std::abs(score(0) - parts(1 / theta)) <= 3);
  }
}

TEST_CASE(
    "known: the buyer's score is 2 (1 - ln 2) of two bidders and 6 (1.5 - 2 ln 2) of three, in both score auctions") {
  const double two = 2 * (1 - std::log(2.0)), three = 6 * (1.5 - 2 * std::log(2.0));
  for (const char* mechanism : {"first_score", "second_score"}) {
    CAPTURE(mechanism);
    check_mean(buyer_scores(mechanism, 2, 20'000), two);
    check_mean(buyer_scores(mechanism, 3, 20'000), three);
  }
}

TEST_CASE("known: the TOPSIS sample of pymcdm") {
  const std::vector<Criterion> criteria{criterion(Measure::quality, Better::higher, 10, 0.5),
                                        criterion(Measure::cost, Better::lower, 10, 0.5)};
  const ScoreColumn scores = totals("topsis", criteria, matrix({{4, 4}, {1, 5}, {3, 2}, {4, 2}}));
  CHECK(std::abs(units(scores(0)) - 0.6126) < 0.00005);
  CHECK(scores(1) == 0);
  CHECK(std::abs(units(scores(2)) - 0.7829) < 0.00005);
  CHECK(scores(3) == kOne);
}

TEST_CASE("known: with min_max a hopeless third bid turns A .45 < B .85 into A .94 > B .85") {
  const std::vector<Criterion> criteria{criterion(Measure::cost, Better::lower, 100, 0.5),
                                        criterion(Measure::quality, Better::higher, 1, 0.5)};
  const ScoreColumn two = totals("min_max", criteria, matrix({{10, 0.9}, {8, 0.7}}));
  CHECK(two(0) == parts(0.45));
  CHECK(two(1) == parts(0.85));
  const ScoreColumn three = totals("min_max", criteria, matrix({{10, 0.9}, {8, 0.7}, {100, 0}}));
  CHECK(std::abs(three(0) - parts(0.45 + 0.5 * 90 / 92)) <= 1);
  CHECK(three(1) == parts(0.85));
  for (const char* rule : {"weighted_sum", "spotis"}) {
    const ScoreColumn before = totals(rule, criteria, matrix({{10, 0.9}, {8, 0.7}}));
    const ScoreColumn after = totals(rule, criteria, matrix({{10, 0.9}, {8, 0.7}, {100, 0}}));
    CHECK(before(0) == after(0));
    CHECK(before(1) == after(1));
  }
}

TEST_CASE("known: SPOTIS with the ideal at the better bound is the weighted sum") {
  const std::vector<Criterion> criteria{criterion(Measure::cost, Better::lower, 100, 0.3),
                                        criterion(Measure::quality, Better::higher, 1, 0.7)};
  const CriteriaMatrix measured = matrix({{10, 0.9}, {8, 0.7}, {100, 0}, {0, 1}});
  const ScoreColumn spotis = totals("spotis", criteria, measured), sum = totals("weighted_sum", criteria, measured);
  for (Eigen::Index i = 0; i < 4; i++) CHECK(std::abs(spotis(i) - sum(i)) <= 2);
  CHECK(spotis(3) == kOne);
}

TEST_CASE(
    "known: plain contract net on links that lose 10 %, five bidders: .80980 done and known, .08998 believed failed") {
  lab::Rehearsal rehearsal(3);
  const AgentRange auctioneer =
      rehearsal.add("auctioneer", 1, "auctioneer{mechanism=contract_net, acknowledge=false, reawards=0}");
  rehearsal.add("bidder", 5, "bidder{capacity=1000}");
  rehearsal.set_network([](const lab::Letter&, Random& random) {
    return random.hits(Probability::of(0.1)) ? std::vector<Duration>{} : std::vector{lab::kHop};
  });
  rehearsal.start();
  constexpr std::uint64_t kAuctions = 20'000;
  for (std::uint64_t i = 1; i <= kAuctions; i++) {
    rehearsal.request(auctioneer[0]);
    rehearsal.run_until(kStartOfRun + std::chrono::milliseconds(300) * static_cast<std::int64_t>(i));
  }
  rehearsal.run_until(rehearsal.now() + std::chrono::seconds(60));
  std::map<std::uint64_t, bool> done, executed;
  for (const Event& event : rehearsal.events()) {
    if (const auto* closed = event.record->as<TaskClosed>()) done[closed->task] = closed->done;
    if (const auto* left = event.record->as<TaskLeft>()) executed[left->task] |= left->executed;
  }
  REQUIRE(done.size() == kAuctions);
  std::uint64_t known = 0, phantoms = 0;
  for (const auto& [task, completed] : done) {
    known += completed;
    phantoms += !completed && executed[task];
  }
  const double p = 0.1, any = 1 - std::pow(1 - (1 - p) * (1 - p), 5);
  CHECK(std::abs(any * (1 - p) * (1 - p) - 0.80980) < 0.000005);
  check_share(known, kAuctions, any * (1 - p) * (1 - p));
  check_share(phantoms, kAuctions, any * (1 - p) * p);
}

TEST_CASE("known: of bids sent delta before the deadline 1 - exp(-delta / mean) are in time, delays exponential") {
  for (const int window : {10, 30, 100}) {
    CAPTURE(window);
    lab::Rehearsal rehearsal(4);
    const AgentRange auctioneer =
        rehearsal.add("auctioneer", 1, "auctioneer{bid_window=" + std::to_string(window) + "ms, reawards=0}");
    rehearsal.add("bidder", 200, "bidder{capacity=1000}");
    rehearsal.set_network([](const lab::Letter& letter, Random& random) {
      const bool bid = letter.body.as<Bid>() != nullptr;
      return std::vector{bid ? Duration(static_cast<std::int64_t>(30e6 * draw_exponential(random.next())))
                             : Duration(0)};
    });
    rehearsal.start();
    for (int i = 0; i < 50; i++) rehearsal.request(auctioneer[0]);
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(5));
    check_share(rehearsal.emitted<BidTaken>().size(), 50 * 200, 1 - std::exp(-window / 30.0));
  }
}

TEST_CASE("known: VCG of one task is the second price, and of two the externality by hand") {
  const auto vcg = make_by_name<MechanismCatalog>("vcg");
  const auto bid = [](std::uint32_t bidder, std::size_t task, double price) {
    return ScoredBid{.bidder = agent(bidder), .task = task, .price = parts(price), .tie = bidder};
  };
  const std::vector<Settled> one = vcg->settle({task_with_reserve(10)}, {bid(0, 0, 4), bid(1, 0, 3), bid(2, 0, 7)});
  REQUIRE(one.size() == 1);
  CHECK(one[0].bid == 1);
  CHECK(one[0].payment == parts(4));
  // Bidders A (2, 6), B (3, 4), C (9, 5) for two tasks with the reserve 10. Best: A does the first, B the second,
  // cost 6. Without A: B first, C second, 8; so A is paid 2 + (8 - 6) = 4. Without B: A first, C second, 7; B is paid 4
  // + 1 = 5.
  const std::vector<Settled> two =
      vcg->settle({task_with_reserve(10), task_with_reserve(10)},
                  {bid(0, 0, 2), bid(0, 1, 6), bid(1, 0, 3), bid(1, 1, 4), bid(2, 0, 9), bid(2, 1, 5)});
  REQUIRE(two.size() == 2);
  CHECK(two[0].bid == 0);
  CHECK(two[0].payment == parts(4));
  CHECK(two[1].bid == 3);
  CHECK(two[1].payment == parts(5));
}

TEST_CASE(
    "known: Bertsekas' auction is within n epsilon of the optimum, and exact for whole costs with epsilon < 1 / n") {
  constexpr std::uint32_t kTasks = 6, kBidders = 9;
  for (std::uint64_t seed = 1; seed <= 200; seed++) {
    CAPTURE(seed);
    const bool whole = seed % 2 == 0;
    const Millionths epsilon = whole ? kOne / (kTasks + 1) : 3 * kOne;
    const Stream draws(seed, "costs");
    std::vector<AuctionTask> tasks;
    for (std::uint32_t j = 0; j < kTasks; j++) tasks.push_back(task_with_reserve(60)), tasks.back().number = j + 1;
    const auto cost = [&](std::uint32_t i, std::uint32_t j) {
      return whole ? kOne * static_cast<Millionths>(draw_below(draws.child(i).at(j), 70))
                   : static_cast<Millionths>(draw_below(draws.child(i).at(j), 70'000'000));
    };
    PriceRounds rounds(tasks, epsilon, Stream(seed, "lots"));
    for (bool over = false; !over;) {
      for (std::uint32_t i = 0; i < kBidders; i++)
        undercut(rounds, agent(i), epsilon, [&](std::uint32_t j) { return cost(i, j); });
      over = rounds.close_round();
      REQUIRE(rounds.round() < 5000);
    }
    Millionths saved = 0;
    std::vector<Pairing> pairings;
    for (std::uint32_t j = 0; j < kTasks; j++) {
      if (rounds.holders()[j] != kNobody) saved += tasks[j].reserve - cost(index(rounds.holders()[j]), j);
      for (std::uint32_t i = 0; i < kBidders; i++) pairings.push_back({i, j, tasks[j].reserve - cost(i, j)});
    }
    const Millionths best = best_assignment(pairings).gain;
    CHECK(saved >= best - kTasks * epsilon);
    if (whole) CHECK(saved == best);
  }
}

TEST_CASE(
    "known: CBBA shares out tasks within N D rounds, worth at least half of the optimum, on 100 draws in a ring") {
  for (std::uint64_t seed = 1; seed <= 100; seed++) {
    CAPTURE(seed);
    lab::Rehearsal rehearsal(seed);
    rehearsal.add("robot", 3 + seed % 8,
                  "cbba{tasks=" + std::to_string(4 + seed % 7) + ", capacity=2, neighbours=ring}");
    rehearsal.start();
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(20));
    const Verdict verdict = rehearsal.verdict("cbba_bundles");
    CHECK_MESSAGE(verdict.holds, verdict.detail);
  }
}

TEST_CASE("best assignment: as good as trying all, for small ones") {
  for (std::uint64_t seed = 1; seed <= 300; seed++) {
    CAPTURE(seed);
    const Stream draws(seed, "gains");
    const auto left = static_cast<std::uint32_t>(1 + seed % 4), right = static_cast<std::uint32_t>(1 + seed % 5);
    std::vector<std::vector<Millionths>> gains(left, std::vector<Millionths>(right));
    std::vector<Pairing> pairings;
    for (std::uint32_t i = 0; i < left; i++)
      for (std::uint32_t j = 0; j < right; j++) {
        gains[i][j] = static_cast<Millionths>(draw_below(draws.child(i).at(j), 100)) - 30;
        pairings.push_back({i, j, gains[i][j]});
      }
    const std::function<Millionths(std::uint32_t, std::uint32_t)> most = [&](std::uint32_t i,
                                                                             std::uint32_t taken) -> Millionths {
      if (i == left) return 0;
      Millionths best = most(i + 1, taken);
      for (std::uint32_t j = 0; j < right; j++)
        if (!(taken >> j & 1)) best = std::max(best, gains[i][j] + most(i + 1, taken | 1u << j));
      return best;
    };
    const Matching found = best_assignment(pairings);
    CHECK(found.gain == most(0, 0));
    Millionths sum = 0;
    for (const std::size_t at : found.chosen) sum += pairings[at].gain;
    CHECK(sum == found.gain);
  }
}

}  // namespace conclave
