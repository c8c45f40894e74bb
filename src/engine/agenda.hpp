// What is still to happen at a worker's agents: a diary with a page for each window. An entry is written once, at the
// end of its page, and read once, when the window has come. So no agent needs a queue of its own, and what thousands of
// agents send to each other is written one after the other in memory, not all over it.
//
// The next 1 024 pages lie in a ring; what is further off waits in a map. An entry stays where it was put.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <memory>
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

/// Items in the order in which they were written, in blocks that come from a store and go back to it: nothing is copied
/// when it grows, and memory that was touched once is touched again.
template <class Item>
class Blocks {
 public:
  static constexpr std::size_t kItems = 128;

  /// Gets blocks from the system more and more at a time: a large piece of memory is quicker to have than its parts.
  class Store {
   public:
    Item* take() {
      if (spare_.empty()) grow();
      Item* block = spare_.back();
      spare_.pop_back();
      return block;
    }
    void give_back(Item* block) { spare_.push_back(block); }

   private:
    static constexpr std::size_t kGrowthMost = 1024;
    void grow() {
      pieces_.push_back(std::make_unique<Item[]>(growth_ * kItems));
      for (std::size_t i = growth_; i-- > 0;) spare_.push_back(pieces_.back().get() + i * kItems);
      growth_ = std::min(2 * growth_, kGrowthMost);
    }
    std::vector<std::unique_ptr<Item[]>> pieces_;
    std::vector<Item*> spare_;
    std::size_t growth_ = 1;  ///< blocks in the next piece
  };

  std::size_t size() const { return size_; }
  Item& operator[](std::size_t i) { return blocks_[i / kItems][i % kItems]; }
  const Item& operator[](std::size_t i) const { return blocks_[i / kItems][i % kItems]; }

  /// One more item, to be assigned to: what it holds is of no meaning.
  Item& add(Store& store) {
    if (size_ == blocks_.size() * kItems) blocks_.push_back(store.take());
    return (*this)[size_++];
  }
  void clear(Store& store) {
    for (Item* block : blocks_) store.give_back(block);
    blocks_.clear();
    size_ = 0;
  }

 private:
  std::vector<Item*> blocks_;
  std::size_t size_ = 0;
};

/// All that happens in one window, in no order.
struct Page {
  Blocks<QueueEntry> entries;
  Blocks<SingleMessage> messages;  ///< by slot of the entries that are arrivals
};

/// Positions of a page's entries, ascending by agent: each with its agent's rank in the upper half. `scratch` is kept
/// by the caller for its capacity. Requires that all agents are of the range.
void order_by_agent(const Blocks<QueueEntry>& entries, AgentRange agents, std::vector<std::uint64_t>& order,
                    std::vector<std::uint64_t>& scratch);

class Agenda {
 public:
  /// Requires window >= next().
  void add(std::int64_t window, const QueueEntry& entry) { add(page(window), entry); }
  /// The message will arrive. Requires window >= next().
  void add(std::int64_t window, const QueueEntry& arrival, SingleMessage&& message) {
    add(page(window), arrival, std::move(message));
  }
  /// On a page that has been taken. The entry gets its slot.
  const QueueEntry& add(Page& page, QueueEntry arrival, SingleMessage&& message) {
    arrival.slot = static_cast<std::uint32_t>(page.messages.size());
    page.messages.add(messages_) = std::move(message);
    return add(page, arrival);
  }

  /// The first window that has a page with something on it.
  std::optional<std::int64_t> first() const;

  /// Exchanges a page that has been dealt with for that of the first window, or an empty one if the first window is
  /// later. Requires first() >= window >= next().
  void turn(std::int64_t window, Page& page);

  /// Windows before this one have been dealt with.
  std::int64_t next() const { return next_; }

 private:
  static constexpr std::int64_t kNear = 1024;
  static constexpr std::uint64_t bit(std::int64_t window) { return std::uint64_t{1} << (window % 64); }

  const QueueEntry& add(Page& page, const QueueEntry& entry) { return page.entries.add(entries_) = entry; }
  Page& page(std::int64_t window) {
    if (window - next_ >= kNear) return far_[window];
    written_[static_cast<std::size_t>(window) % kNear / 64] |= bit(window);
    return near_[static_cast<std::size_t>(window) % kNear];
  }
  void append(Page& page, Page& other);

  std::int64_t next_ = 0;
  std::array<Page, kNear> near_;                     ///< by window, modulo
  std::array<std::uint64_t, kNear / 64> written_{};  ///< a bit for each page of them
  std::map<std::int64_t, Page> far_;
  Blocks<QueueEntry>::Store entries_;
  Blocks<SingleMessage>::Store messages_;
};

}  // namespace conclave
