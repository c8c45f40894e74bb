// Rows of sweeps: many small runs, each in a process of its own, stored as they end.

#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bench/bench.hpp"
#include "bench/play.hpp"
#include "bench/process.hpp"

namespace conclave::bench {

namespace {

namespace fs = std::filesystem;

constexpr int kRuns = 400;

constexpr const char* kSmall =
    "platform: { star: { hosts: 5, latency: 500us } }\n"
    "crypto: { signatures: modelled }\n"
    "agents:\n"
    "  - { group: replica, count: 4, stack: [pbft] }\n"
    "  - { group: client, count: 1, stack: [consensus_client], workload: { requests: 20, every: 10ms } }\n"
    "checks: [agreement, validity, integrity, progress]\n";

/// All of `conclave sweep run`, from its start to its end.
Measurement sweep(int jobs) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("conclave-bench-sweep-{}", getpid());
  fs::create_directories(folder);
  std::ofstream(folder / "small.yaml") << "seed: 1\nstop_at: 10s\n" << kSmall;
  std::ofstream(folder / "sweep.yaml") << fmt::format(
      "scenario: small.yaml\nparameters: [ {{ grid: {{ platform.star.latency: "
      "{{ range: 100us..1ms, count: 20 }} }} }} ]\nrepetitions: {}\n",
      kRuns / 20);
  const Stopwatch all;
  output_of({CONCLAVE_PROGRAM, "sweep", "run", (folder / "sweep.yaml").string(), "--jobs", fmt::format("{}", jobs),
             "--db", (folder / "sweep.sqlite").string()});
  const Measurement measured{all.seconds(), kRuns};
  fs::remove_all(folder);
  return measured;
}

/// The event loops of as many runs, and nothing else.
Measurement simulations() {
  return {play(kSmall).loop_seconds * kRuns, kRuns};
}

}  // namespace

std::vector<Row> sweep_rows() {
  const auto efficiency = [](const Medians& medians) { return medians[0].seconds / medians[1].seconds / 2; };
  const auto overhead_ms = [](const Medians& medians) {
    return (medians[0].seconds - medians[2].seconds) / kRuns * 1e3;
  };
  return {
      {.title = "a sweep of small runs, from the shell, one worker",
       .counts = "runs",
       .cases = {{"1 worker", [] { return sweep(1); }},
                 {"2 workers", [] { return sweep(2); }},
                 {"simulation alone", simulations}},
       .targets =
           {{.against = 1, .sense = Target::Sense::at_least, .limit = 0.9, .unit = "of the two", .figure = efficiency},
            {.against = 2,
             .sense = Target::Sense::at_most,
             .limit = 15,
             .unit = "ms more a run",
             .figure = overhead_ms}},
       .repeats = 3}};
}

}  // namespace conclave::bench
