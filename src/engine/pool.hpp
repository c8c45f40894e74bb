// A pool whose slots are used again, last freed first.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

namespace conclave {

template <class Item>
class Pool {
 public:
  std::uint32_t take() {
    if (free_.empty()) {
      items_.emplace_back();
      return static_cast<std::uint32_t>(items_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(std::uint32_t slot) { free_.push_back(slot); }
  Item& operator[](std::uint32_t slot) { return items_[slot]; }

 private:
  std::deque<Item> items_;  // a deque: references stay valid while steps take more slots
  std::vector<std::uint32_t> free_;
};

}  // namespace conclave
