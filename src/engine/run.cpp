#include "engine/run.hpp"

#include <fmt/core.h>

// version.h needs what s4u.hpp includes.
// clang-format off
#include <simgrid/s4u.hpp>
#include <simgrid/version.h>
// clang-format on

#include "engine/build.hpp"
#include "engine/exact.hpp"
#include "engine/memory.hpp"
#include "engine/probe.hpp"
#include "engine/windowed.hpp"
#include "engine/world.hpp"

namespace conclave {

namespace {

namespace sg = simgrid::s4u;

/// SimGrid's command line: every setting that results hang on is named, none is left to its defaults.
std::vector<std::string> simgrid_arguments(const NetworkSection& network) {
  std::vector<std::string> arguments{"conclave", "--log=root.thresh:critical"};
  if (network.fluid == FluidModel::CM02) {
    // The plain formula: latency + size / bandwidth, shared max-min fairly. No TCP window, no cross-traffic.
    for (const char* setting : {"network/model:CM02", "network/crosstraffic:0", "network/TCP-gamma:0"}) {
      arguments.push_back(std::string("--cfg=") + setting);
    }
  } else {
    arguments.emplace_back("--cfg=network/model:LV08");
  }
  return arguments;
}

/// With fewer agents one global queue is as fast as windows.
constexpr std::size_t kWindowedAgentsMin = 64;

std::string describe(const NetworkSection& network) {
  const std::string_view fluid =
      network.fluid == FluidModel::CM02 ? "CM02" : "LV08 (latency x 13.01, bandwidth x 0.97)";
  if (network.model == NetworkModel::flow) return fmt::format("flow {}", fluid);
  if (network.flow_above) return fmt::format("message, flow {} above {}", fluid, conclave::text(*network.flow_above));
  return fmt::format("message, transfers by flow {}", fluid);
}

}  // namespace

struct Run::Parts {
  std::vector<std::string> arguments;
  std::vector<char*> argv;
  int argc = 0;
  std::unique_ptr<sg::Engine> engine;
  std::vector<sg::Host*> hosts;
  std::unique_ptr<Simulation> simulation;
  RunPlan plan;
  bool windowed = false;
  std::string executor_reason;

  explicit Parts(const Scenario& scenario) : arguments(simgrid_arguments(scenario.network)) {
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    argc = static_cast<int>(arguments.size());
    engine = std::make_unique<sg::Engine>(&argc, argv.data());
    build_platform(*engine, scenario.platform);
    hosts = sorted_hosts(*engine);
    simulation = build_simulation(scenario, hosts);
    int major = 0, minor = 0, patch = 0;
    sg_version_get(&major, &minor, &patch);
    choose_executor(scenario.executor);
    plan = {.executor = windowed ? "windowed" : "exact",
            .executor_reason = executor_reason,
            .simgrid_version = fmt::format("{}.{}.{}", major, minor, patch),
            .network = describe(scenario.network),
            .hosts = static_cast<std::uint32_t>(hosts.size())};
  }

  void choose_executor(ExecutorChoice choice) {
    const std::optional<std::string> why_not = WindowedExecutor::why_not(*simulation);
    const bool many = simulation->agents.size() >= kWindowedAgentsMin;
    windowed = choice == ExecutorChoice::windowed || (choice == ExecutorChoice::automatic && many && !why_not);
    if (windowed && why_not) throw PlatformError("`executor: windowed` cannot run this: " + *why_not);
    if (choice != ExecutorChoice::automatic) {
      executor_reason = "asked for";
    } else {
      executor_reason = windowed ? "many agents" : why_not.value_or("few agents");
    }
  }
};

Run::Run(const Scenario& scenario) {
  prepare_memory();
  if (std::holds_alternative<PlatformFile>(scenario.platform)) {
    probe_in_child([&scenario] { Parts trial(scenario); });
  }
  parts_ = std::make_unique<Parts>(scenario);
}

Run::~Run() = default;

const RunPlan& Run::plan() const {
  return parts_->plan;
}

RunResult Run::start(const RunOptions& options) {
  Simulation& simulation = *parts_->simulation;
  for (Observer* observer : options.observers) simulation.stream.subscribe(*observer);
  std::unique_ptr<Executor> made;
  if (parts_->windowed) {
    made = std::make_unique<WindowedExecutor>(simulation, options.poll, options.threads);
  } else {
    made = std::make_unique<ExactExecutor>(simulation, options.poll);
  }
  Executor& executor = *made;
  run_on_simgrid(*parts_->engine, parts_->hosts, simulation, executor);
  simulation.stream.settle(kNever);

  RunResult result;
  result.end = {.at = executor.interrupted() ? executor.now() : simulation.stop_at,
                .interrupted = executor.interrupted()};
  result.last_event = executor.last_event();
  std::vector<const EventLog*> logs;
  for (const Agent& agent : simulation.agents) {
    logs.push_back(&agent.log);
    result.events += agent.log.events;
  }
  result.fingerprint = EventStream::fingerprint(logs);
  result.decisions_fingerprint = EventStream::decisions_fingerprint(logs);
  result.metrics = simulation.metrics;
  return result;
}

}  // namespace conclave
