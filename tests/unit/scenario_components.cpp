#include "unit/scenario_components.hpp"

#include <fmt/core.h>

#include "core/catalog.hpp"

namespace conclave {

const std::string kGoodScenario = R"(title: four replicas agree
seed: 7
platform: { star: { hosts: 5 } }
agents:
  - { group: replica, count: 4, stack: [test_layer, pbft], test_layer: { window: 3 }, pbft: { f: 1 }, handling: 2us }
  - group: client
    count: 2
    stack: [consensus_client]
    workload: { requests: 50, payload: 100B }
faults:
  - behaviour: test_liar
    agents: replica[3]
    chance: 25%
outages:
  - { host: host-2, at: 1s, until: 2s }
heal_at: 3s
stop_at: 60s
checks: [agreement, { test_checker: { within: 5s } }]
)";

namespace {

class TestLayer final : public Layer {
 public:
  struct Options {
    std::uint32_t window = 8;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().add("window", &Options::window, "requests in flight", {.least = 1, .most = 64});
      return table;
    }
  };
  TestLayer(const Options&, const Deployment&) {}
};

class TestLiar final : public Layer {
 public:
  struct Options {
    Probability chance;
    std::string about = "everything";
    static const ParamTable& params() {
      static const auto table = Params<Options>()
                                    .require("chance", &Options::chance, "that a message is a lie")
                                    .add("about", &Options::about, "what it lies about");
      return table;
    }
  };
  TestLiar(const Options&, const Deployment&) {}

  static void check(const Options&, const Deployment& deployment, const Value& written, Diagnostics& diagnostics) {
    if (deployment.group.protocol != "pbft")
      diagnostics.error(written.at, fmt::format("there is nothing to lie about in `{}`", deployment.group.name));
  }
};

class TestChecker final : public Checker {
 public:
  struct Options {
    Duration within = std::chrono::seconds(1);
    static const ParamTable& params() {
      static const auto table = Params<Options>().add("within", &Options::within, "how long things may take");
      return table;
    }
  };
  TestChecker(const Options&, const RunFacts&) {}

  static void check(const Options& options, const RunFacts& facts, const Value& written, Diagnostics& diagnostics) {
    std::uint32_t faulty = 0;
    for (std::uint32_t i = 0; i < facts.roster.size(); i++) faulty += !facts.roster.honest(agent(i));
    if (faulty == facts.roster.size()) diagnostics.error(written.at, "nobody is honest");
    if (facts.heal_at + options.within > facts.stop_at) diagnostics.error(written.at, "the run is too short");
  }

  void observe(const Event&) override {}
  Verdict conclude(const RunEnd&) override { return {}; }
};

const bool registered =
    LayerCatalog::add<TestLayer>({.name = "test_layer", .family = "any", .summary = "a layer of the tests"}) &&
    BehaviourCatalog::add<TestLiar>({.name = "test_liar", .family = "any", .summary = "a behaviour of the tests"}) &&
    CheckerCatalog::add<TestChecker>({.name = "test_checker", .family = "any", .summary = "a checker of the tests"});

}  // namespace
}  // namespace conclave
