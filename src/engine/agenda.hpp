// What is still to happen at a worker's agents: a diary with a page for each window. An entry is written once, at the
// end of its page, and read once, when the window has come. So no agent needs a queue of its own, and what thousands of
// agents send to each other is written one after the other in memory, not all over it.
//
// The next 1 024 pages lie in a ring; what is further off waits in a map. An entry stays where it was put.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/event.hpp"
#include "core/record.hpp"
#include "engine/event_queue.hpp"

namespace conclave {

/// A message to one agent. The entry that announces its arrival says from whom, to whom, which one and when.
struct SingleMessage {
  std::uint64_t bytes = 0;
  Time departed;
  RecordPtr body;
  bool local = false;  ///< from an agent of the same host
  std::optional<DropReason> lost{};
};

/// All that happens in one window, in no order.
struct Page {
  std::vector<QueueEntry> entries;
  std::vector<SingleMessage> messages;  ///< by slot of the entries that are arrivals

  void add(const QueueEntry& entry) { entries.push_back(entry); }
  void add(QueueEntry arrival, SingleMessage&& message) {
    arrival.slot = static_cast<std::uint32_t>(messages.size());
    entries.push_back(arrival);
    messages.push_back(std::move(message));
  }
  void add(Page&& other);
  void clear() {
    entries.clear();
    messages.clear();
  }
};

/// Positions of a page's entries, ascending by agent: each with its agent's rank in the upper half. `scratch` is kept by
/// the caller for its capacity. Requires that all agents are of the range.
void order_by_agent(const std::vector<QueueEntry>& entries, AgentRange agents, std::vector<std::uint64_t>& order,
                    std::vector<std::uint64_t>& scratch);

class Agenda {
 public:
  /// The page of a window, to write to. Requires window >= next().
  Page& page(std::int64_t window) {
    if (window - next_ >= kNear) return far_[window];
    Page& page = near_[static_cast<std::size_t>(window) % kNear];
    if (page.entries.capacity() == 0) page = std::exchange(spare_, {});
    written_[static_cast<std::size_t>(window) % kNear / 64] |= bit(window);
    return page;
  }

  /// The first window that has a page with something on it.
  std::optional<std::int64_t> first() const;

  /// Exchanges the page of the first window, or an empty one if it is later than `window`, for one that has been dealt
  /// with. Requires first() >= window >= next().
  void turn(std::int64_t window, Page& page);

  /// Windows before this one have been dealt with.
  std::int64_t next() const { return next_; }

 private:
  static constexpr std::int64_t kNear = 1024;
  static constexpr std::uint64_t bit(std::int64_t window) { return std::uint64_t{1} << (window % 64); }

  std::int64_t next_ = 0;
  std::array<Page, kNear> near_;                     ///< by window, modulo
  std::array<std::uint64_t, kNear / 64> written_{};  ///< a bit for each page of them
  std::map<std::int64_t, Page> far_;
  Page spare_;  ///< empty, for its capacity
};

}  // namespace conclave
