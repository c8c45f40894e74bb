#include "trace/trace_reader.hpp"

#include <fmt/format.h>

#include "trace/run_folder.hpp"
#include "trace/trace_writer.hpp"

namespace conclave {

namespace fs = std::filesystem;

fs::path find_trace(const fs::path& run_folder) {
  std::error_code ignored;
  for (const std::string_view name : {kTraceFile, kCompressedTraceFile})
    if (fs::is_regular_file(run_folder / name, ignored)) return run_folder / name;
  if (!fs::is_directory(run_folder, ignored))
    throw TraceError(fmt::format("{}: there is no such folder", run_folder.native()));
  if (!fs::exists(run_folder / kVerdictFile, ignored))
    throw TraceError(fmt::format("{}: not the folder of a run: it has no {}", run_folder.native(), kVerdictFile));
  throw TraceError(fmt::format("{}: the run left no trace: it was made with --no-trace", run_folder.native()));
}

TraceReader::TraceReader(const fs::path& file) : lines_(file) {
  std::string_view line;
  if (!lines_.next(line)) lines_.fail("the file is empty");
  try {
    header_ = nlohmann::json::parse(line);
    read_header();
  } catch (const std::runtime_error&) {
    throw;
  } catch (const nlohmann::json::exception& error) {
    lines_.fail(fmt::format("not the header of a trace: {}", error.what()));
  }
}

void TraceReader::read_header() {
  if (!header_.is_object() || !header_.contains("conclave") || !header_.contains("format"))
    lines_.fail("not the header of a trace");
  if (header_.at("format") != kTraceFormat)
    lines_.fail(fmt::format("the trace has format {}, and this version of conclave reads format {}",
                            header_.at("format").dump(), kTraceFormat));
  for (const nlohmann::json& group : header_.at("agents")) {
    const auto first = group.at("first").get<std::uint32_t>();
    if (first != roster_.size()) lines_.fail("the groups of the header do not follow each other");
    roster_.add(group.at("group").get<std::string>(), group.at("count").get<std::uint32_t>(), {});
  }
  for (const nlohmann::json& faulty : header_.at("faulty")) {
    if (faulty.get<std::uint64_t>() >= roster_.size()) lines_.fail("a faulty agent is of no group");
    roster_.mark_faulty(agent(faulty.get<std::uint64_t>()));
  }
}

bool TraceReader::next(TraceEvent& event) {
  std::string_view line;
  if (!lines_.next(line)) return false;
  try {
    event = parse_trace_event(line, roster_);
  } catch (const std::exception& error) {
    lines_.fail(fmt::format("damaged: {}", error.what()));
  }
  const std::tuple position(event.time, event.agent, event.number);
  if (!first_ && position <= last_) lines_.fail("damaged: the event is out of order");
  last_ = position;
  first_ = false;
  return true;
}

}  // namespace conclave
