// --set path=value: any place of the document, judged like the document itself, and blamed when it is at fault.

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "scenario/load.hpp"
#include "scenario/override.hpp"
#include "scenario/yaml.hpp"
#include "unit/scenario_components.hpp"

namespace conclave {
namespace {

Scenario changed(std::vector<std::string> set) {
  Loaded loaded = load_scenario_text(kGoodScenario, "good.yaml", {.set = std::move(set)});
  REQUIRE_MESSAGE(loaded.scenario.has_value(), loaded.errors);
  return std::move(*loaded.scenario);
}

std::string errors(std::vector<std::string> set) {
  const Loaded loaded = load_scenario_text(kGoodScenario, "good.yaml", {.set = std::move(set)});
  CHECK_FALSE(loaded.scenario.has_value());
  return loaded.errors;
}

TEST_CASE("overrides reach keys, list entries and groups by name") {
  CHECK(changed({"stop_at=90s"}).stop_at == std::chrono::seconds(90));
  CHECK(changed({"agents.replica.count=7"}).groups[0].count == 7);
  CHECK(changed({"agents[1].count=3"}).groups[1].count == 3);
  CHECK(changed({"agents.replica.pbft.f=0"}).groups[0].protocol.options.find("f")->text == "0");
  CHECK(changed({"faults[0].chance=1/2"}).faults.size() == 1);
  CHECK(changed({"checks[1].test_checker.within=6s"}).checks[1].options.find("within")->text == "6s");
  CHECK(changed({"checks[0]=validity"}).checks[0].name == "validity");
}

TEST_CASE("overrides make keys that are missing, and replace whole sections") {
  CHECK(changed({"network.header=60B"}).network.header.bytes == 60);
  CHECK(std::get<ClusterPlatform>(changed({"platform={cluster: {hosts: 4}}"}).platform).hosts == 4);
  CHECK(changed({"faults=[]"}).faults.empty());
  CHECK(changed({"checks=[agreement, validity]"}).checks.size() == 2);
  CHECK(changed({"title=a = b"}).title == "a = b");
}

TEST_CASE("later overrides win, and --seed wins over all") {
  CHECK(changed({"seed=8", "seed=9"}).seed == 9);
  const Loaded loaded = load_scenario_text(kGoodScenario, "good.yaml", {.set = {"seed=8"}, .seed = 10});
  CHECK(loaded.scenario->seed == 10);
  CHECK(loaded.scenario->resolved.find("seed")->text == "10");
}

TEST_CASE("errors of an override name the override") {
  const std::pair<std::string, std::string> cases[] = {
      {"agents.replica.cuont=7", "error: unknown key `cuont`\n      = did you mean `count`?"},
      {"agents.replcia.count=7", "error: unknown group `replcia`\n      = did you mean `replica`?"},
      {"agents.replica.count=lots", "error: found `lots`, expected an integer"},
      {"agents.replica.count=", "error: found nothing, expected an integer"},
      {"agents.replica.count=\"7\"", "error: found `7`, expected an integer"},
      {"stpo_at=1s", "error: unknown key `stpo_at`\n      = did you mean `stop_at`?"},
      {"netwrok.header=1B", "error: unknown key `netwrok`\n      = did you mean `network`?"},
      {"stop_at=1", "error: `1` lacks its unit"},
      {"checks[2]=validity", "error: `[2]` leads nowhere: there is a list of 2"},
      {"seed[0]=1", "error: `[0]` leads nowhere: there is `7`"},
      {"seed.x=1", "error: `x` leads nowhere: there is `7`"},
      {"checks.agreement=1", "error: `agreement` is looked for in a list"},
      {"checks=[a", "error: the value, column 1: "},
      {"checks=*a", "error: the value, column 1: anchors and aliases are not supported"},
      {"stop_at", "error: this is not of the form `path=value`"},
      {"=1", "error: this is not of the form `path=value`"},
      {"a..b=1", "error: this is not of the form `path=value`"},
      {"a[x]=1", "error: this is not of the form `path=value`"},
      {"a[1=1", "error: this is not of the form `path=value`"},
      {"a[99999999999999999999]=1", "error: this is not of the form `path=value`"},
      {"a[1]b=1", "error: this is not of the form `path=value`"},
      {"platform.star.hosts=0", "error: `0` is out of range"},
      {"faults[0].agents=replica[9]", "error: there is no replica[9]"},
  };
  for (const auto& [set, error] : cases) {
    const std::string found = errors({set});
    CAPTURE(found);
    CHECK(found.find("--set " + set + ": " + error) == 0);
  }
}

TEST_CASE("each of several overrides is blamed for its own error, and the file for its own") {
  const std::string found = errors({"seed=x", "stop_at=90s", "agents.replica.pbft.f=5", "agents.client.count=0"});
  CHECK(found.find("--set seed=x: error: ") != std::string::npos);
  CHECK(found.find("--set stop_at") == std::string::npos);
  CHECK(found.find("--set agents.client.count=0: error: ") != std::string::npos);
  const std::string few = errors({"agents.replica.count=3"});
  CHECK(few.find("good.yaml:5:98: error: 3 replicas cannot bear f = 1") == 0);
}

TEST_CASE("a path as deep as it likes is refused or judged, not a crash") {
  std::string path = "a";
  for (int i = 0; i < 100'000; i++) path += ".a";
  CHECK(errors({path + "=1"}).find("is not of the form") != std::string::npos);
}

}  // namespace
}  // namespace conclave
