// Rows of the program as its users meet it: with a trace, and from the shell.

#include <fmt/core.h>
#include <unistd.h>

#include "bench/bench.hpp"
#include "bench/play.hpp"
#include "bench/process.hpp"

namespace conclave::bench {

namespace {

namespace fs = std::filesystem;

/// A path that goes away with this.
class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / fmt::format("conclave-bench-{}", getpid())) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  const fs::path path_;
};

Measurement decisions(const fs::path& trace) {
  return play(
             "platform: { star: { hosts: 129, latency: 500us, spread: 100ns } }\n"
             "crypto: { signatures: modelled }\n"
             "agents:\n"
             "  - { group: replica, count: 128, stack: [pbft] }\n"
             "  - { group: client, count: 1, stack: [consensus_client], workload: { requests: 10 } }\n"
             "checks: [agreement, validity, integrity, progress]\n",
             trace)
      .messages();
}

Measurement traced() {
  const Scratch trace;
  return decisions(trace.path());
}

Measurement start_up() {
  const Scratch results;
  const Stopwatch all;
  output_of({CONCLAVE_PROGRAM, "run", CONCLAVE_SOURCE_DIR "/scenarios/consensus/pbft_4.yaml", "--set",
             "agents.client.workload.requests=1", "--out", results.path().string()});
  return {all.seconds(), 1};
}

}  // namespace

std::vector<Row> program_rows() {
  return {{.title = "ten PBFT decisions, n = 128, trace written",
           .counts = "messages",
           .cases = {{"conclave, trace on", traced}, {"trace off", [] { return decisions({}); }}},
           .targets = {{.against = 1,
                        .sense = Target::Sense::at_most,
                        .limit = 2,
                        .unit = "× the time",
                        .figure = [](const Medians& medians) { return medians[0].seconds / medians[1].seconds; }}}},
          {.title = "`conclave run pbft_4.yaml`, one request, the whole process",
           .counts = "runs",
           .cases = {{"conclave", start_up}},
           .targets = {within_milliseconds(60)}}};
}

}  // namespace conclave::bench
