// A trace in an order in which every message is sent before it arrives.
//
// The canonical order is by (time, agent, number), so when a message takes no time at all its arrival can stand before
// its departure. Programs that draw arrows need it the other way round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "trace/trace_reader.hpp"

namespace conclave {

class CausalReader {
 public:
  explicit CausalReader(const std::filesystem::path& trace) : path_(trace), reader_(trace) {}

  const TraceReader& trace() const { return reader_; }
  /// The next event: times never decrease, each agent's events come in its own order, messages leave before they
  /// arrive. The event is valid until the next call; nullptr after the last. Throws TraceError.
  const TraceEvent* next();
  /// Of the event that next() gave last, from 0.
  std::uint64_t position() const { return position_ - 1; }

 private:
  void take_instant();
  void order_instant();

  std::filesystem::path path_;
  TraceReader reader_;
  std::vector<TraceEvent> instant_;  ///< all events of one time
  std::size_t at_ = 0;
  TraceEvent ahead_;  ///< the first event after the instant
  bool has_ahead_ = false;
  std::uint64_t position_ = 0;
};

}  // namespace conclave
