// The simulator's side of a measurement: one scenario, through the library.
#pragma once

#include <filesystem>
#include <string>

#include "bench/bench.hpp"
#include "engine/run.hpp"

namespace conclave::bench {

struct Played {
  double loading_seconds = 0;  ///< from the text to a platform that is ready to run
  double loop_seconds = 0;     ///< Run::start: the event loop, and the fingerprint at its end
  RunResult result;

  Measurement messages() const { return {loop_seconds, static_cast<double>(result.metrics.messages_delivered)}; }
};

/// Runs a scenario of the given YAML body, to which title, seed and stop_at are added, under the checkers that it
/// names. Writes a trace if `trace` is not empty. Throws std::runtime_error on any error and when a check fails.
Played play(const std::string& yaml, const std::filesystem::path& trace = {}, unsigned threads = 1);

}  // namespace conclave::bench
