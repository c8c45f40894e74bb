// From a file to a scenario: what is read, what is filled in, and that what was resolved means the same.

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "scenario/load.hpp"
#include "scenario/yaml.hpp"
#include "source_dir.hpp"
#include "unit/scenario_components.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A folder that is gone after the test.
struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / ("conclave_scenario_load." + std::to_string(getpid()));
  TemporaryFolder() { fs::create_directories(path); }
  ~TemporaryFolder() { fs::remove_all(path); }
  fs::path file(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
};

Scenario good(const std::string& text, const Overrides& overrides = {}) {
  Loaded loaded = load_scenario_text(text, "dir/good.yaml", overrides);
  REQUIRE_MESSAGE(loaded.scenario.has_value(), loaded.errors);
  CHECK(loaded.errors.empty());
  return std::move(*loaded.scenario);
}

std::string errors(const std::string& text, const Overrides& overrides = {}) {
  const Loaded loaded = load_scenario_text(text, "bad.yaml", overrides);
  CHECK_FALSE(loaded.scenario.has_value());
  return loaded.errors;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t error_count(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(": error: "); at != std::string::npos; at = text.find(": error: ", at + 1)) count++;
  return count;
}

TEST_CASE("a scenario says what the file says") {
  const Scenario scenario = good(kGoodScenario);
  CHECK(scenario.name == "good");
  CHECK(scenario.file == "dir/good.yaml");
  CHECK(scenario.title == "four replicas agree");
  CHECK(scenario.seed == 7);
  CHECK(std::get<StarPlatform>(scenario.platform).hosts == 5);
  REQUIRE(scenario.groups.size() == 2);
  CHECK(scenario.groups[0].handling == 2us);
  CHECK(scenario.groups[0].protocol.name == "pbft");
  REQUIRE(scenario.groups[0].layers.size() == 1);
  CHECK(scenario.groups[0].layers[0].name == "test_layer");
  CHECK(scenario.groups[0].layers[0].options.find("window")->text == "3");
  CHECK_FALSE(scenario.groups[0].workload.has_value());
  CHECK(scenario.groups[1].workload->requests == 50);
  CHECK(scenario.groups[1].workload->payload.bytes == 100);
  CHECK(scenario.roster.size() == 6);
  CHECK(scenario.roster.name(agent(5)) == "client[1]");
  CHECK(scenario.roster.group_of(agent(0)).protocol == "pbft");
  CHECK_FALSE(scenario.roster.honest(agent(3)));
  CHECK(scenario.roster.honest(agent(2)));
  REQUIRE(scenario.faults.size() == 1);
  CHECK(scenario.faults[0].behaviour.name == "test_liar");
  CHECK(scenario.faults[0].agents == std::vector<AgentId>{agent(3)});
  CHECK(scenario.faults[0].written == "replica[3]");
  REQUIRE(scenario.outages.size() == 1);
  CHECK(scenario.outages[0].host == "host-2");
  CHECK(scenario.outages[0].until == 2s);
  CHECK(scenario.heal_at == 3s);
  CHECK(scenario.stop_at == 60s);
  REQUIRE(scenario.checks.size() == 2);
  CHECK(scenario.checks[1].options.find("within")->text == "5s");
}

/// What kGoodScenario becomes, defaults included.
const char* const kResolved = R"(title: four replicas agree
seed: 7
platform:
  star:
    hosts: 5
    latency: 500us
    spread: 0ns
    bandwidth: 1Gbps
    speed: 1Gf
    cores: 1
network:
  model: message
  fluid: CM02
  header: 40B
  loopback: 10us
crypto:
  signatures: ed25519
  sign: 0ns
  verify: 0ns
executor: automatic
agents:
  - group: replica
    count: 4
    stack: [test_layer, pbft]
    handling: 2us
    hosts: []
    test_layer:
      window: 3
    pbft:
      f: 1
      context: any
      batch: 100
      batch_delay: 0ns
      pipeline: 8
      checkpoint: 128
      window: 256
      view_timeout: 2s
      resend: 500ms
      state: 0B
      reply: 0B
      commits: signatures
      mac: 0ns
  - group: client
    count: 2
    stack: [consensus_client]
    handling: 0ns
    hosts: []
    workload:
      requests: 50
      every: 100ms
      start: 0ns
      payload: 100B
    consensus_client:
      replicas: replica
      ask: leader
      retry: 1s
      read_only: 0%
      quorum_replies: false
faults:
  - behaviour: test_liar
    agents: "replica[3]"
    chance: 25%
    about: everything
outages:
  - host: host-2
    at: 1s
    until: 2s
heal_at: 3s
stop_at: 1min
checks:
  - agreement
  - test_checker:
      within: 5s
)";

TEST_CASE("defaults are filled in and written out") {
  const Scenario scenario = good(kGoodScenario);
  CHECK(scenario.network.header.bytes == 40);
  CHECK(scenario.executor == ExecutorChoice::automatic);
  CHECK(write_yaml(scenario.resolved) == kResolved);
}

TEST_CASE("the resolved scenario resolves to itself") {
  const std::string once = write_yaml(good(kGoodScenario, {.set = {"platform.star.hosts=9"}, .seed = 11}).resolved);
  CHECK(contains(once, "seed: 11\n"));
  CHECK(contains(once, "hosts: 9\n"));
  CHECK(write_yaml(good(once).resolved) == once);
}

TEST_CASE("every scenario of the repository is valid and resolves to itself") {
  std::size_t seen = 0;
  for (const auto& entry : fs::recursive_directory_iterator(source_dir() + "/scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    CAPTURE(entry.path().string());
    const Loaded loaded = load_scenario(entry.path());
    REQUIRE_MESSAGE(loaded.scenario.has_value(), loaded.errors);
    const std::string once = write_yaml(loaded.scenario->resolved);
    CHECK(write_yaml(good(once).resolved) == once);
    seen++;
  }
  CHECK(seen > 0);
}

TEST_CASE("a platform file is found from the scenario's folder and resolved to an absolute path") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path / "platforms");
  fs::create_directories(folder.path / "scenarios");
  folder.file("platforms/two.xml", "<platform/>");
  const fs::path file = folder.file(
      "scenarios/one.yaml", replaced(kGoodScenario, "{ star: { hosts: 5 } }", "{ file: ../platforms/two.xml }"));
  const Loaded loaded = load_scenario(file);
  REQUIRE_MESSAGE(loaded.scenario.has_value(), loaded.errors);
  const fs::path absolute = fs::canonical(folder.path / "platforms/two.xml");
  CHECK(std::get<PlatformFile>(loaded.scenario->platform).path == absolute);
  CHECK(loaded.scenario->resolved.find("platform")->find("file")->text == absolute.string());
  CHECK(write_yaml(good(write_yaml(loaded.scenario->resolved)).resolved) == write_yaml(loaded.scenario->resolved));
}

TEST_CASE("a title is the file's name if there is none") {
  CHECK(good(replaced(kGoodScenario, "title: four replicas agree\n", "")).title == "good");
}

TEST_CASE("regions and clusters are read") {
  const Scenario regions = good(replaced(kGoodScenario, "{ star: { hosts: 5 } }", R"(
  regions:
    names: [east, west]
    hosts: 3
    round_trips:
      - [1ms, 80ms]
      - [80ms, 2ms])"));
  CHECK(std::get<RegionsPlatform>(regions.platform).round_trips[0][1] == 80ms);
  const Scenario cluster =
      good(replaced(kGoodScenario, "{ star: { hosts: 5 } }", "{ cluster: { racks: 2, hosts: 3 } }"));
  CHECK(std::get<ClusterPlatform>(cluster.platform).racks == 2);
}

TEST_CASE("agents are selected by group, index, range and lists of these, each once") {
  const auto selected = [](const std::string& selection) {
    const Scenario scenario = good(replaced(kGoodScenario, "agents: replica[3]", "agents: " + selection));
    std::vector<std::uint32_t> agents;
    for (const AgentId id : scenario.faults[0].agents) agents.push_back(index(id));
    return agents;
  };
  using Agents = std::vector<std::uint32_t>;
  CHECK(selected("replica") == Agents{0, 1, 2, 3});
  CHECK(selected("replica[0]") == Agents{0});
  CHECK(selected("replica[1..3]") == Agents{1, 2, 3});
  CHECK(selected("[\"replica[3]\", \"replica[0..1]\", \"replica[1]\"]") == Agents{0, 1, 3});
}

TEST_CASE("an agent may have two behaviours, but none of them twice at one time") {
  const std::string slow =
      replaced(kGoodScenario, "faults:\n", "faults:\n  - { behaviour: slow, agents: replica, by: 1ms }\n");
  CHECK(good(slow).faults.size() == 2);
  const std::string again =
      replaced(slow, "outages:", "  - { behaviour: slow, agents: \"replica[1]\", by: 2ms }\noutages:");
  CHECK(contains(errors(again), "replica[1] is `slow` already"));
}

TEST_CASE("components judge their place, and their errors point at their options") {
  const std::string no_f = errors(replaced(kGoodScenario, "f: 1", "f: 2"));
  CHECK(contains(no_f, "bad.yaml:5:98: error: 4 replicas cannot bear f = 2"));
  CHECK(error_count(no_f) == 1);
  const std::string liar = errors(replaced(kGoodScenario, "agents: replica[3]", "agents: [client, \"replica[0]\"]"));
  CHECK(contains(liar, "bad.yaml:11:5: error: there is nothing to lie about in `client`"));
  CHECK(error_count(liar) == 1);
  const std::string too_short = errors(replaced(kGoodScenario, "within: 5s", "within: 58s"));
  CHECK(contains(too_short, "bad.yaml:18:37: error: the run is too short"));
  const std::string unnamed = replaced(kGoodScenario, "{ test_checker: { within: 5s } }", "test_checker");
  CHECK(contains(errors(replaced(unnamed, "heal_at: 3s", "heal_at: 60s")),
                 "bad.yaml:18:21: error: the run is too short"));
  const std::string all_lie =
      errors(replaced(replaced(kGoodScenario, "outages:", "  - { behaviour: silent, agents: client }\noutages:"),
                      "replica[3]", "replica"));
  CHECK(contains(all_lie, "nobody is honest"));
}

TEST_CASE("layers stand before the protocol, and only there") {
  CHECK(contains(errors(replaced(kGoodScenario, "[test_layer, pbft]", "[pbft, test_layer]")),
                 "5:41: error: the protocol `pbft` is not the last of the stack"));
  CHECK(contains(errors(replaced(kGoodScenario, "[test_layer, pbft]", "[pbft, test_layer]")),
                 "5:47: error: the stack ends with the layer `test_layer`"));
  CHECK(contains(errors(replaced(kGoodScenario, "[test_layer, pbft]", "[test_laier, pbft]")),
                 "did you mean `test_layer`?"));
  CHECK(contains(errors(replaced(kGoodScenario, "window: 3", "window: 65")), "`65` is out of range"));
}

TEST_CASE("a component whose options are wrong is not asked about the rest") {
  const std::string wrong = replaced(kGoodScenario, "within: 5s", "within: 5");
  const std::string text = errors(replaced(wrong, "heal_at: 3s", "heal_at: 60s"));
  CHECK(contains(text, "`5` lacks its unit"));
  CHECK(error_count(text) == 1);
}

TEST_CASE("required options of a component are asked for where it is named") {
  const std::string text = errors(replaced(kGoodScenario, "    chance: 25%\n", ""));
  CHECK(contains(text, "bad.yaml:11:5: error: missing key `chance` (probability): that a message is a lie"));
  CHECK(error_count(text) == 1);
}

TEST_CASE("errors of different sections come out together, each once, in the order of the file") {
  std::string text = replaced(kGoodScenario, "f: 1", "f: 2");
  text = replaced(text, "hosts: 5", "hosts: 0");
  text = replaced(text, "replica[3]", "replica[4]");
  text = replaced(text, "agreement", "agrement");
  const std::string found = errors(text);
  CHECK(error_count(found) == 4);
  CHECK(found.find(":3:") < found.find(":5:"));
  CHECK(found.find(":5:") < found.find(":12:"));
  CHECK(found.find(":12:") < found.find(":18:"));
}

TEST_CASE("what only a whole roster can tell is not said of half a roster") {
  CHECK(error_count(errors(replaced(kGoodScenario, "count: 4", "count: 0"))) == 1);
  // Without its name the group is not found by `faults`, but the client does not complain of it as well.
  CHECK(error_count(errors(replaced(kGoodScenario, "group: replica", "group: 1replica"))) == 2);
}

TEST_CASE("errors show the line and mark the place, and let nothing through to the terminal") {
  CHECK(errors("seed: 1\nüs: \"a\\eb\"\n").starts_with("bad.yaml:1:1: error: missing key"));
  const std::string text = errors(replaced(kGoodScenario, "seed: 7", "seed: \"\\e[31m7\""));
  CHECK(contains(text, "bad.yaml:2:7: error: found ` [31m7`, expected an integer\n"));
  CHECK(contains(text, "    2 | seed: \"\\e[31m7\"\n      |       ^\n"));
}

TEST_CASE("a file that cannot be read is an error, not a crash") {
  const TemporaryFolder folder;
  const auto problem = [](const fs::path& file) {
    const Loaded loaded = load_scenario(file);
    CHECK_FALSE(loaded.scenario.has_value());
    return loaded.errors;
  };
  CHECK(problem("no/such/file.yaml") == "no/such/file.yaml: error: there is no such file\n");
  CHECK(contains(problem(folder.path), "this is a folder, not a scenario file"));
  CHECK(contains(problem("/dev/zero"), "this is not a regular file"));
  const fs::path pipe = folder.path / "pipe.yaml";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(contains(problem(pipe), "this is not a regular file"));
  CHECK(contains(problem(folder.file("empty.yaml", "")), "empty.yaml:1:1: error: there is nothing in it"));
  CHECK(contains(problem(folder.file("text.yaml", "hello\n")), "1:1: error: found `hello`, expected a scenario"));
  CHECK(contains(problem(folder.file("large.yaml", std::string(20'000'000, '['))), "larger than 1048576 bytes"));
  if (geteuid() != 0) {
    const fs::path locked = folder.file("locked.yaml", kGoodScenario);
    fs::permissions(locked, fs::perms::none);
    CHECK(contains(problem(locked), "cannot read: Permission denied"));
  }
}

TEST_CASE("the mark that some editors put first is no error") {
  const TemporaryFolder folder;
  CHECK(load_scenario(folder.file("marked.yaml", "\xef\xbb\xbf" + kGoodScenario)).scenario.has_value());
}

}  // namespace
}  // namespace conclave
