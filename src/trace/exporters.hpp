// The formats of other programs that a trace can be turned into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trace/output.hpp"

namespace conclave {

/// Reads a trace and writes it to `out`, which the caller closes. Returns how many events it has written. Throws
/// TraceError and OutputError.
using Export = std::uint64_t(const std::filesystem::path& trace, Output& out);

/// For https://ui.perfetto.dev: a track for each agent, an arrow for each arrival.
Export export_perfetto;

/// For ShiViz: space-time diagrams with vector clocks. Throws TraceError when there are more than kShivizAgentsMax
/// agents.
Export export_shiviz;

/// ShiViz draws a column for each agent, and its work grows with the square of their number.
inline constexpr std::uint32_t kShivizAgentsMax = 50;

struct Exporter {
  std::string_view format;
  std::string_view file_name;  ///< in the folder of the run, unless the user names another
  Export* write;
};

std::span<const Exporter> exporters();
/// The exporter of that format, or nullptr.
const Exporter* find_exporter(std::string_view format);
std::vector<std::string> export_formats();

}  // namespace conclave
