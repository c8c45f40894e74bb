// What a run leaves behind: the JSON object of `run --json`, the files of the run folder, the summary on the console.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/run.hpp"
#include "scenario/scenario.hpp"
#include "trace/run_folder.hpp"

namespace conclave {

struct CheckResult {
  std::string name;
  Verdict verdict;
};

struct OutcomeResult {
  std::string family;
  std::string json;
  std::string summary;
};

struct Report {
  const Scenario& scenario;
  RunPlan plan;
  RunResult result;
  std::vector<CheckResult> checks;
  std::vector<OutcomeResult> outcomes;
  double wall_time_s = 0;
  std::string folder;   ///< where the results are
  std::string command;  ///< that repeats the run

  bool passed() const;
  /// "pass", "fail" or "interrupted".
  std::string verdict() const;
};

/// The object of `conclave run --json`, a contract with scripts.
std::string report_json(const Report& report);

/// Members of the trace's first line that tell which run it is.
std::string trace_header(const Scenario& scenario, const RunPlan& plan);

/// Writes scenario.yaml, metrics.json, outcome.json and verdict.json. They hold nothing that differs between equal
/// runs. Throws OutputError.
void write_results(const Report& report, const RunFolder& folder);

/// Writes a text and the end of its last line. Throws OutputError.
void write_file(const std::filesystem::path& path, std::string_view text);

/// For a person.
std::string report_text(const Report& report, bool colour);

}  // namespace conclave
