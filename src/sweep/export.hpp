// The results of a sweep for other programs. Equal for equal sweeps: neither how many workers there were nor what was
// interrupted shows, unless times are asked for.
#pragma once

#include "sweep/store.hpp"
#include "sweep/where.hpp"
#include "trace/output.hpp"

namespace conclave {

struct ExportOptions {
  Where where;
  bool wide = false;   ///< a row for each run, metrics as columns; else a row for each metric of a run
  bool times = false;  ///< also how long each run took on which host
};

/// RFC 4180, with a head. Returns how many rows there are below it.
std::size_t export_csv(const Store& store, const ExportOptions& options, Output& out);
/// A line for each run. Returns how many.
std::size_t export_json_lines(const Store& store, const ExportOptions& options, Output& out);

}  // namespace conclave
