// The first event at which two traces part, and what led to it on either side.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "trace/trace_reader.hpp"

namespace conclave {

/// One side of the parting.
struct PartingSide {
  std::optional<TraceEvent> event;  ///< nothing if the trace ends before
  std::vector<TraceEvent> causes;   ///< what led to it, the earliest first: who sent what it reacts to, and so on
  Roster roster;
};

struct Parting {
  std::uint64_t number = 0;  ///< of the event, from 0, the same on both sides
  PartingSide a;
  PartingSide b;
};

/// How many causes are looked for.
inline constexpr std::size_t kCausesMax = 6;
/// Causes are looked for among so many events before the parting.
inline constexpr std::size_t kCauseWindow = 50'000;

/// Compares the events of two traces from number `from` on, which must be equal before; nothing if they are equal to
/// the end. `compared` counts the events that were looked at. Throws TraceError.
std::optional<Parting> find_parting(const std::filesystem::path& a, const std::filesystem::path& b, std::uint64_t from,
                                    std::uint64_t& compared);

/// `12.3 ms  replica[1]  delivered prepare from replica[0]`, and the fields that are particular to it.
std::string describe(const TraceEvent& event, const Roster& roster);

}  // namespace conclave
