// Reads a trace back, one event at a time: a trace of any length needs the memory of one line.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/roster.hpp"
#include "trace/line_reader.hpp"
#include "trace/trace_event.hpp"

namespace conclave {

/// The trace of a run's folder, plain or compressed. Throws TraceError when the folder is not that of a run or holds no
/// trace.
std::filesystem::path find_trace(const std::filesystem::path& run_folder);

class TraceReader {
 public:
  /// Reads the header. Throws TraceError when the file is not a trace of a known format.
  explicit TraceReader(const std::filesystem::path& file);

  const nlohmann::json& header() const { return header_; }
  /// The groups of the run, with the faulty agents marked. The names of protocols are not in a trace.
  const Roster& roster() const { return roster_; }

  /// The next event, in canonical order; false after the last. Throws TraceError with the number of the damaged line.
  bool next(TraceEvent& event);
  /// Of the event that next() gave last, from 2: line 1 is the header.
  std::uint64_t line_number() const { return lines_.line_number(); }

 private:
  void read_header();

  LineReader lines_;
  nlohmann::json header_;
  Roster roster_;
  std::tuple<Time, AgentId, std::uint64_t> last_;  ///< position of the last event in the canonical order
  bool first_ = true;
};

}  // namespace conclave
