// Writes the events of a run as JSON Lines: a header, then one event a line in canonical order. docs/trace.md describes
// the format.
#pragma once

#include <string>
#include <string_view>

#include "core/event.hpp"
#include "core/roster.hpp"
#include "trace/output.hpp"

namespace conclave {

/// Version of the format, `"format"` in the header. It changes when a reader of the old one would misread the new one.
inline constexpr int kTraceFormat = 1;

inline constexpr std::string_view kTraceFile = "trace.jsonl";
inline constexpr std::string_view kCompressedTraceFile = "trace.jsonl.zst";

class TraceWriter : public Observer {
 public:
  /// Writes the header: the members of `header`, one JSON object on one line, then the format, and the groups and the
  /// faulty agents of `roster`. Borrows `out`, which the caller closes. Throws OutputError, as does observe().
  TraceWriter(Output& out, std::string_view header, const Roster& roster);

  EventKinds interests() const override { return EventKinds::all(); }
  void observe(const Event& event) override;

 private:
  void write_body(std::string_view key, const Event& event);

  Output& out_;
  std::string body_;  ///< scratch, kept for its capacity
};

}  // namespace conclave
