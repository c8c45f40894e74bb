// Broadcasts in flight, kept so that each receiver can find in a moment which of them reach it in a given window.
//
// A lane holds the broadcasts of one kind and size to one group. Nothing is stored per receiver: when the copy for
// agent d arrives is computed from the sender's head start and d's rank. Sorted by head start, the broadcasts that can
// reach d in a window are neighbours.
#pragma once

#include <cstdint>
#include <vector>

#include "core/record.hpp"
#include "engine/simulation.hpp"

namespace conclave {

/// A broadcast that has left its sender, one object however many receive it. Each receiver reads it once, in the order
/// of time, which is none in memory: so it is one cache line.
struct alignas(64) Broadcast {
  AgentId from{};
  AgentRange to;
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;
  Time departed;      ///< when the step that sent it was done
  Time first_leaves;  ///< when the sender's link begins with the first copy
  RecordPtr body;
};
static_assert(sizeof(Broadcast) == 64);

struct Lane {
  struct Entry {
    std::int64_t head;        ///< ns: when the first copy's first bit has crossed the sender's link
    std::uint32_t from;       ///< the sender
    std::uint32_t host;       ///< and its host
    std::uint32_t broadcast;  ///< slot of the broadcast
    std::uint64_t number;     ///< the sender's, of the message
    Time departed;            ///< when the step that sent it was done
  };

  AgentRange to;
  const RecordType* kind = nullptr;
  std::uint64_t bytes = 0;
  Duration serialisation{};    ///< of one copy on the sender's link
  std::vector<Entry> entries;  ///< ascending by head
  // Bounds on what comes after the head, over all receivers: when an entry can arrive at the earliest and at the
  // latest.
  Duration soonest{};
  Duration latest{};
};

/// Sorts 64-bit keys whose upper halves lie in [0, span): by counting on the high bits, then by one insertion pass,
/// which finishes in no time because keys are close to uniform over a window. `scratch` and `slots` are kept by the
/// caller for their capacity.
void sort_by_offset(std::vector<std::uint64_t>& keys, std::uint64_t span, std::vector<std::uint64_t>& scratch,
                    std::vector<std::uint32_t>& slots);

}  // namespace conclave
