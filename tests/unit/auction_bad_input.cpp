// What an auctioneer's and a bidder's options cannot mean, each refused where it stands.

#include <doctest/doctest.h>

#include <string>

#include "scenario/load.hpp"

namespace conclave {
namespace {

std::string errors_of(const std::string& auctioneer, const std::string& bidder = "{}") {
  const std::string yaml =
      "seed: 1\nplatform: { star: { hosts: 3 } }\nagents:\n"
      "  - group: auctioneer\n    count: 1\n    stack: [auctioneer]\n    auctioneer: " +
      auctioneer + "\n  - { group: bidder, count: 2, stack: [bidder], bidder: " + bidder + " }\nstop_at: 10s\n";
  const Loaded loaded = load_scenario_text(yaml, "auction.yaml");
  return loaded.scenario ? std::string() : loaded.errors;
}

void check_refused(const std::string& errors, const std::string& part) {
  CAPTURE(errors);
  CHECK(errors.find(part) != std::string::npos);
  CHECK(errors.find("auction.yaml:7:") != std::string::npos);
}

}  // namespace

TEST_CASE("auctioneer: options that contradict each other are refused with their place") {
  CHECK(errors_of("{}").empty());
  check_refused(errors_of("{ mechanism: second_prize }"), "did you mean `second_price`?");
  check_refused(errors_of("{ scoring: topsy }"), "unknown scoring `topsy`");
  check_refused(errors_of("{ lot: 3 }"), "`contract_net` auctions one task at a time");
  check_refused(errors_of("{ mechanism: second_score }"), "which `weighted_sum` is not");
  check_refused(errors_of("{ bidders: nobody }"), "there is no group `nobody` of bidders");
  check_refused(errors_of("{ tasks: [{ reserve: 101 }] }"), "is above the bound 100 of the criterion cost");
  check_refused(errors_of("{ tasks: [] }"), "there are no tasks");
}

TEST_CASE("auctioneer: criteria need weights that are 1 together, and bounds with something between them") {
  const auto criteria = [](const std::string& second) {
    return "{ criteria: [{ of: cost, unit: EUR, better: lower, most: 100, weight: 0.5 }, " + second + "] }";
  };
  CHECK(errors_of(criteria("{ of: quality, unit: share, weight: 0.5 }")).empty());
  check_refused(errors_of(criteria("{ of: quality, unit: share, weight: 0.4 }")), "are 0.9");
  check_refused(errors_of(criteria("{ of: quality, unit: share, weight: 0.5, least: 1 }")), "are empty: 1 to 1");
  check_refused(errors_of(criteria("{ of: quality, unit: share, weight: 0.5, ideal: 2 }")), "outside of its bounds");
  check_refused(errors_of(criteria("{ of: cost, unit: EUR, weight: 0.5, most: 100 }")), "two criteria of cost");
  check_refused(errors_of(criteria("{ of: quality, weight: 0.5 }")), "missing key `unit`");
}

TEST_CASE("bidder: bounds the wrong way round are refused") {
  CHECK(errors_of("{}", "{ cost_least: 5, cost_most: 5 }").empty());
  const std::string errors = errors_of("{}", "{ cost_least: 60, cost_most: 50 }");
  CAPTURE(errors);
  CHECK(errors.find("cost_least is 60, above 50") != std::string::npos);
}

}  // namespace conclave
