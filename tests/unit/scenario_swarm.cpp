// The section `swarm`: what a seed draws can be replayed, stays within its ranges, and is judged before it is drawn.

#include <doctest/doctest.h>

#include <set>

#include "scenario/load.hpp"
#include "scenario/yaml.hpp"

namespace conclave {
namespace {

constexpr std::string_view kScenario = R"(seed: 1
platform: { star: { hosts: 5 } }
agents:
  - { group: replica, count: 4, stack: [pbft] }
swarm:
  of: replica
  victims: 1
  faults: 2
  draw:
    - { behaviour: silent }
    - { link: slow, by: 1ms..9ms }
    - { link: loss, probability: 1%..5%, between: [replica, replica] }
    - { link: duplicate, copies: 2..4 }
stop_at: 1s
)";

Loaded load(std::string_view text, std::uint64_t seed, bool swarm) {
  return load_scenario_text(text, "test.yaml", {.seed = seed, .swarm = swarm});
}

Scenario drawn(std::uint64_t seed) {
  const Loaded loaded = load(kScenario, seed, true);
  REQUIRE_MESSAGE(loaded.scenario.has_value(), loaded.errors);
  return *loaded.scenario;
}

std::string with(std::string_view fault) {
  std::string text(kScenario);
  const std::string_view last = "    - { link: duplicate, copies: 2..4 }\n";
  return text.insert(text.find(last), "    - " + std::string(fault) + "\n");
}

TEST_CASE("a plain run draws nothing") {
  const Loaded loaded = load(kScenario, 1, false);
  REQUIRE(loaded.scenario);
  CHECK(loaded.scenario->drawn.empty());
  CHECK(loaded.scenario->link_faults.empty());
  CHECK(loaded.scenario->faults.empty());
}

TEST_CASE("a seed draws what it always draws, and what is written out draws nothing more") {
  for (std::uint64_t seed = 1; seed <= 20; seed++) {
    const Scenario first = drawn(seed), again = drawn(seed);
    CHECK(first.drawn == again.drawn);
    CHECK(first.drawn.size() == 2);
    CHECK(first.link_faults.size() + first.faults.size() == 2);
    const std::string written = write_yaml(first.resolved);
    CHECK(written.find("swarm") == std::string::npos);
    const Loaded replayed = load(written, seed, false);
    REQUIRE_MESSAGE(replayed.scenario.has_value(), replayed.errors);
    CHECK(write_yaml(replayed.scenario->resolved) == written);
  }
}

TEST_CASE("seeds draw every fault and every victim and stay within the ranges") {
  std::set<std::string> rules;
  std::set<std::uint32_t> victims;
  for (std::uint64_t seed = 1; seed <= 200; seed++) {
    const Scenario scenario = drawn(seed);
    for (const LinkFault& fault : scenario.link_faults) {
      rules.insert(fault.rule.name);
      if (fault.rule.name == "slow") {
        Duration by{};
        REQUIRE(!parse(fault.rule.options.find("by")->text, by));
        CHECK(by >= std::chrono::milliseconds(1));
        CHECK(by <= std::chrono::milliseconds(9));
      }
      if (fault.rule.name == "loss") {
        CHECK(fault.probability.value() >= 0.0099);
        CHECK(fault.probability.value() <= 0.0501);
      }
    }
    for (const BehaviourFault& fault : scenario.faults) {
      CHECK(fault.agents.size() == 1);
      victims.insert(index(fault.agents[0]));
    }
  }
  CHECK(rules == std::set<std::string>{"slow", "loss", "duplicate"});
  CHECK(victims.size() == 4);
}

TEST_CASE("a range is judged at both its ends whether it is drawn or not") {
  CHECK(
      load(with("{ link: duplicate, copies: 2..9, senders: replica }"), 1, false).errors.find("`9` is out of range") !=
      std::string::npos);
  CHECK(load(with("{ link: slwo, by: 1ms }"), 1, false).errors.find("did you mean `slow`?") != std::string::npos);
  CHECK(load(with("{ behaviour: silnet }"), 1, false).errors.find("did you mean `silent`?") != std::string::npos);
}

TEST_CASE("faults that contradict each other are not drawn together") {
  const std::string text = with("{ link: slow, by: 2ms, senders: replica }");
  for (std::uint64_t seed = 1; seed <= 50; seed++) {
    const Loaded loaded = load(text, seed, true);
    REQUIRE_MESSAGE(loaded.scenario.has_value(), loaded.errors);
    std::size_t slow = 0;
    for (const LinkFault& fault : loaded.scenario->link_faults) slow += fault.rule.name == "slow";
    CHECK(slow <= 1);
  }
}

TEST_CASE("without a section there is nothing to draw from") {
  const std::string text =
      "seed: 1\nplatform: { star: { hosts: 5 } }\nagents:\n"
      "  - { group: replica, count: 4, stack: [pbft] }\nstop_at: 1s\n";
  CHECK(load(text, 1, true).errors.find("no section `swarm`") != std::string::npos);
}

}  // namespace
}  // namespace conclave
