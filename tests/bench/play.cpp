#include "bench/play.hpp"

#include <optional>
#include <stdexcept>

#include "scenario/load.hpp"
#include "trace/trace_writer.hpp"

namespace conclave::bench {

namespace {

Scenario load(const std::string& yaml) {
  const std::string file = std::string(CONCLAVE_SOURCE_DIR) + "/tests/bench/bench.yaml";
  Loaded loaded = load_scenario_text("title: benchmark\nseed: 1\nstop_at: 1h\n" + yaml, file);
  if (!loaded.scenario) throw std::runtime_error(loaded.errors);
  return std::move(*loaded.scenario);
}

}  // namespace

Played play(const std::string& yaml, const std::filesystem::path& trace, unsigned threads) {
  Played played;
  const Stopwatch loading;
  const Scenario scenario = load(yaml);
  Run run(scenario);
  played.loading_seconds = loading.seconds();

  const RunFacts facts{scenario.roster, scenario.seed, Time(scenario.heal_at), Time(scenario.stop_at),
                       scenario.crypto.signatures};
  RunOptions options;
  options.threads = threads;
  std::vector<std::unique_ptr<Checker>> checkers;
  for (const CheckerCatalog::Chosen& chosen : scenario.checks) {
    checkers.push_back(chosen.make(facts));
    options.observers.push_back(checkers.back().get());
  }
  const Stopwatch loop;
  std::optional<Output> file;
  std::optional<TraceWriter> writer;
  if (!trace.empty()) {
    file.emplace(trace);
    writer.emplace(*file, R"({"scenario":"benchmark"})", scenario.roster);
    options.observers.push_back(&*writer);
  }
  played.result = run.start(options);
  if (file) file->close();
  played.loop_seconds = loop.seconds();
  for (const auto& checker : checkers) {
    const Verdict verdict = checker->conclude(played.result.end);
    if (!verdict.holds) throw std::runtime_error(verdict.detail);
  }
  return played;
}

}  // namespace conclave::bench
