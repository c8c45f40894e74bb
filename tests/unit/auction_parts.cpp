// The pure parts of an auctioneer's experience, in numbers.

#include <doctest/doctest.h>

#include "protocols/auction/evaluation.hpp"
#include "protocols/auction/strategy.hpp"

namespace conclave {
namespace {

Millionths parts(double value) {
  return static_cast<Millionths>(value * 1e6 + (value < 0 ? -0.5 : 0.5));
}

ContractEnded contract(std::uint32_t bidder, ContractEnd end, double promised, double delivered) {
  ContractEnded ended;
  ended.bidder = agent(bidder);
  ended.end = end;
  ended.quality_promised = parts(promised);
  ended.quality_delivered = parts(delivered);
  return ended;
}

}  // namespace

TEST_CASE("auction: products of millionths are rounded towards minus infinity") {
  CHECK(scaled(7, 1, 2) == 3);
  CHECK(scaled(-7, 1, 2) == -4);
  CHECK(scaled(-8, 1, 2) == -4);
  CHECK(scaled(kMillionthsMax, kMillionthsMax, kMillionthsMax) == kMillionthsMax);
}

TEST_CASE("reliability: Beta(r + 1, s + 1), its mean and its lower quantile") {
  BetaReputation reputation;
  CHECK(reputation.mean() == parts(0.5));
  // The uniform distribution has the standard deviation 1 / sqrt 12 = 0.288675.
  CHECK(reputation.lower(kOne) == parts(0.5) - parts(0.288675));
  CHECK(reputation.lower(10 * kOne) == 0);
  reputation.record(true, kOne);
  CHECK(reputation.mean() == 666'666);
  reputation.record(false, kOne);
  reputation.record(true, kOne);
  CHECK(reputation.mean() == parts(0.6));
}

TEST_CASE("reliability: one success of one is less than 90 of 100, and old failures fade") {
  BetaReputation lucky, proven, reformed;
  lucky.record(true, kOne);
  for (int i = 0; i < 100; i++) proven.record(i % 10 != 0, kOne);
  CHECK(lucky.mean() < proven.mean());
  CHECK(lucky.lower(kOne) < proven.lower(kOne) - parts(0.3));
  for (int i = 0; i < 10; i++) reformed.record(false, parts(0.9));
  const Millionths before = reformed.mean();
  for (int i = 0; i < 30; i++) reformed.record(true, parts(0.9));
  CHECK(before < parts(0.2));
  CHECK(reformed.mean() > parts(0.85));
}

TEST_CASE("predictor: who promises twice what it delivers is believed half, and a newcomer as much as the prior says") {
  const PredictorPrior prior{.ratio = parts(0.9), .strength = 2 * kOne};
  Calibration calibration;
  CHECK(calibration.predict(kOne, prior) == parts(0.9));
  calibration.record(kOne, parts(0.5), kOne);
  CHECK(calibration.ratio(prior) == 766'666);  // (2 * 0.9 + 0.5) / 3
  for (int i = 0; i < 1000; i++) calibration.record(kOne, parts(0.5), kOne);
  CHECK(calibration.ratio(prior) < parts(0.501));
  CHECK(calibration.predict(parts(0.8), prior) < parts(0.401));
}

TEST_CASE("predictor: to deliver more than was promised does not raise it above one") {
  const PredictorPrior prior{.ratio = parts(0.9), .strength = 0};
  Calibration calibration;
  calibration.record(parts(0.1), kOne, kOne);
  CHECK(calibration.ratio(prior) == kOne);
  calibration.record(0, kOne, kOne);  // an empty promise teaches nothing
  CHECK(calibration.ratio(prior) == kOne);
}

TEST_CASE("risk: the mean of the worst cases, by hand") {
  LossHistory history;
  // No loss and total loss, one case each: the worst fifth is total loss.
  CHECK(history.conditional_value_at_risk(parts(0.8)) == kOne);
  CHECK(history.conditional_value_at_risk(0) == parts(0.5));
  for (int i = 0; i < 8; i++) history.record(parts(0.25), kOne);
  // Ten cases: 1, eight times 0.25, 0. The worst fifth is 1 and 0.25.
  CHECK(history.conditional_value_at_risk(parts(0.8)) == parts(0.625));
  CHECK(history.conditional_value_at_risk(0) == parts(0.3));
}

TEST_CASE("risk: of two bidders of equal mean loss, the one that sometimes fails is the greater risk") {
  LossHistory steady, erratic;
  for (int i = 0; i < 40; i++) {
    steady.record(parts(0.1), kOne);
    erratic.record(i % 10 == 0 ? kOne : 0, kOne);
  }
  CHECK(steady.conditional_value_at_risk(0) == erratic.conditional_value_at_risk(0));
  CHECK(steady.conditional_value_at_risk(parts(0.8)) < erratic.conditional_value_at_risk(parts(0.8)));
}

TEST_CASE("innovation: without past work nothing is new; then what is far is, and what was done is not") {
  InnovationArchive archive;
  const InnovationArchive::Features usual{parts(0.5), parts(0.5), parts(0.5)};
  CHECK(archive.novelty({0, 0, kOne}) == 0);
  for (int i = 0; i < 20; i++) archive.add({usual[0] + i * 1000, usual[1], usual[2]});
  CHECK(archive.novelty({0, 0, kOne}) == kOne);
  const Millionths near = archive.novelty({usual[0] + 9500, usual[1], usual[2]});
  CHECK(near > 0);
  CHECK(near < kOne);
  for (int i = 0; i < 5; i++) archive.add({0, 0, kOne});
  CHECK(archive.novelty({0, 0, kOne}) == 0);
}

TEST_CASE("innovation: the archive is bounded and forgets the oldest") {
  InnovationArchive archive;
  for (int i = 0; i < 5; i++) archive.add({0, 0, 0});
  for (std::size_t i = 0; i < kArchiveMax; i++) archive.add({kOne, kOne, static_cast<Millionths>(i)});
  CHECK(archive.size() == kArchiveMax);
  CHECK(archive.novelty({0, 0, 0}) == kOne);
}

TEST_CASE("history: who declines loses nothing, who fails loses reliability, who delivers less loses belief") {
  History history({});
  const Assessment unknown = history.assess(agent(1));
  history.learn(contract(1, ContractEnd::declined, 1, 0));
  CHECK(history.assess(agent(1)).reliability == unknown.reliability);
  history.learn(contract(1, ContractEnd::late, 1, 0));
  CHECK(history.assess(agent(1)).reliability < unknown.reliability);
  CHECK(history.assess(agent(1)).quality_calibration == unknown.quality_calibration);
  history.learn(contract(2, ContractEnd::below_specification, 1, 0.4));
  CHECK(history.assess(agent(2)).quality_calibration < unknown.quality_calibration);
  CHECK(history.assess(agent(2)).contracts == 1);
  CHECK(history.assess(agent(3)).contracts == 0);
}

TEST_CASE("evaluation: what is outside the bounds is not considered, whatever it would score") {
  AuctionTerms terms;
  terms.mechanism = "contract_net";
  terms.scoring = "weighted_sum";
  terms.criteria = {{.of = Measure::cost, .better = Better::lower, .most = 100 * kOne, .weight = kOne / 2},
                    {.of = Measure::quality, .better = Better::higher, .most = kOne, .weight = kOne / 2}};
  AuctionTask task;
  task.number = 1;
  task.reserve = 50 * kOne;
  task.quality_least = parts(0.5);
  task.within = std::chrono::seconds(1);
  const auto offer = [](double price, std::optional<double> quality, int milliseconds) {
    TaskOffer made;
    made.task = 1;
    made.price = parts(price);
    if (quality) made.quality = parts(*quality);
    made.duration = std::chrono::milliseconds(milliseconds);
    return made;
  };
  const std::vector<std::pair<AgentId, TaskOffer>> offers{
      {agent(0), offer(20, 0.8, 500)},  {agent(1), offer(51, 0.9, 500)}, {agent(2), offer(20, 0.4, 500)},
      {agent(3), offer(20, 0.9, 1001)}, {agent(4), offer(20, {}, 500)},  {agent(5), offer(-1, 0.9, 500)},
      {agent(6), offer(20, 1.01, 500)}};
  std::map<AgentId, Assessment> assessments;
  for (std::uint32_t i = 0; i < 7; i++) assessments[agent(i)].quality_calibration = kOne;
  const auto rule = make_by_name<ScoringCatalog>("weighted_sum");
  const std::vector<Evaluated> all = evaluate(terms, *rule, task, offers, assessments, {}, Stream(1, "lots"));
  REQUIRE(all.size() == 7);
  const char* reasons[] = {"",
                           "asks for more than the reserve",
                           "promises too little quality",
                           "takes too long",
                           "promises too little quality",
                           "a negative price",
                           "quality outside of its bounds"};
  for (std::size_t i = 0; i < 7; i++) CHECK(all[i].infeasible == reasons[i]);
  CHECK(all[0].score == parts(0.5 * 0.8 + 0.5 * 0.8));
}

}  // namespace conclave
