// The global queue of the exact executor: what happens next, ordered by content and never by the order of insertion.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace conclave {

/// What an entry stands for; also the order of handling at one agent in one instant.
enum class Occurrence : std::uint8_t {
  outage_begins,  ///< the agent's host is switched off
  outage_ends,    ///< and on again
  wake,           ///< the agent is free for what waits in its inbox
  begin,          ///< the agent starts
  arrival,        ///< the last bit of a message would reach an idle receiver
  ready,          ///< a message has come through the receiver's access link
  flow,           ///< SimGrid has carried a message
  timer,
  request,
  activity,  ///< SimGrid is wanted: a computation, a transfer, a switch
  worked,    ///< SimGrid has finished
};

/// 32 bytes. `slot` says where the details are and takes no part in the order.
struct QueueEntry {
  Time time;
  AgentId agent{};
  Occurrence what{};
  std::uint8_t copy = 0;     ///< which copy of a message, or the layer of a timer
  std::uint32_t source = 0;  ///< the sender of a message, the name of a timer: the content that orders equals
  std::uint32_t slot = 0;
  std::uint64_t number = 0;  ///< the sender's message number, the id of a timer

  bool before(const QueueEntry& other) const {
    if (time != other.time) return time < other.time;
    if (agent != other.agent) return agent < other.agent;
    if (what != other.what) return what < other.what;
    if (source != other.source) return source < other.source;
    if (number != other.number) return number < other.number;
    return copy < other.copy;
  }
};

/// A heap with four children a node: half the depth of a binary one, and the four share two cache lines.
class EventQueue {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  void clear() { heap_.clear(); }
  /// The next entry. Requires !empty().
  const QueueEntry& top() const { return heap_.front(); }

  void push(const QueueEntry& entry) {
    heap_.push_back(entry);
    std::size_t hole = heap_.size() - 1;
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / kChildren;
      if (!entry.before(heap_[parent])) break;
      heap_[hole] = heap_[parent];
      hole = parent;
    }
    heap_[hole] = entry;
  }

  void pop() {
    const QueueEntry last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) replace_top(last);
  }

  /// Puts `entry` in the place of the next one: cheaper than pop and push.
  void replace_top(const QueueEntry& entry) {
    const std::size_t size = heap_.size();
    std::size_t hole = 0;
    for (;;) {
      const std::size_t first = kChildren * hole + 1;
      if (first >= size) break;
      std::size_t least = first;
      const std::size_t end = std::min(first + kChildren, size);
      for (std::size_t child = first + 1; child < end; child++)
        if (heap_[child].before(heap_[least])) least = child;
      if (!heap_[least].before(entry)) break;
      heap_[hole] = heap_[least];
      hole = least;
    }
    heap_[hole] = entry;
  }

 private:
  static constexpr std::size_t kChildren = 4;
  std::vector<QueueEntry> heap_;
};

}  // namespace conclave
