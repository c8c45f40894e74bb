// A pool whose slots are used again, last freed first.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace conclave {

/// References stay valid while more slots are taken.
template <class Item>
class Pool {
 public:
  std::uint32_t take() {
    if (free_.empty()) {
      if (made_ % kChunk == 0) chunks_.push_back(std::make_unique<Item[]>(kChunk));
      return made_++;
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(std::uint32_t slot) { free_.push_back(slot); }
  Item& operator[](std::uint32_t slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  const Item& operator[](std::uint32_t slot) const { return chunks_[slot / kChunk][slot % kChunk]; }

 private:
  static constexpr std::uint32_t kChunk = 1024;
  std::vector<std::unique_ptr<Item[]>> chunks_;
  std::uint32_t made_ = 0;
  std::vector<std::uint32_t> free_;
};

}  // namespace conclave
