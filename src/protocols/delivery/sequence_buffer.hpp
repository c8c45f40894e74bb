// Items with consecutive numbers, of which the first are taken off the front and new ones are put at the back.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace conclave {

template <class Item>
class SequenceBuffer {
 public:
  /// The number of the first item, or of the next one when there is none.
  std::uint64_t first() const { return first_; }
  /// The number that the next item will have.
  std::uint64_t next() const { return first_ + size(); }
  std::uint64_t size() const { return items_.size() - dead_; }
  bool empty() const { return size() == 0; }
  bool contains(std::uint64_t number) const { return number >= first_ && number < next(); }
  /// Requires contains(number).
  Item& operator[](std::uint64_t number) { return items_[dead_ + (number - first_)]; }
  const Item& operator[](std::uint64_t number) const { return items_[dead_ + (number - first_)]; }

  std::uint64_t push(Item item) {
    items_.push_back(std::move(item));
    return next() - 1;
  }
  /// Requires that it is not empty.
  void pop() {
    items_[dead_++] = Item();
    first_++;
    if (dead_ == items_.size()) {
      items_.clear();
      dead_ = 0;
    } else if (dead_ >= kDeadMax && 2 * dead_ >= items_.size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(dead_));
      dead_ = 0;
    }
  }

 private:
  /// Taken items that are kept before they are worth moving the rest.
  static constexpr std::size_t kDeadMax = 16;
  std::vector<Item> items_;
  std::size_t dead_ = 0;  ///< at the front of items_
  std::uint64_t first_ = 1;
};

}  // namespace conclave
