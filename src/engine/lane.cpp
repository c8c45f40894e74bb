#include "engine/lane.hpp"

#include <algorithm>

namespace conclave {

namespace {

/// More slots than this do not stay in the first-level cache.
constexpr std::uint64_t kSlotsMax = 4096;
/// So few keys are sorted faster by comparing.
constexpr std::size_t kInsertionOnly = 32;

void insertion_sort(std::vector<std::uint64_t>& keys) {
  for (std::size_t i = 1; i < keys.size(); i++) {
    const std::uint64_t key = keys[i];
    std::size_t hole = i;
    for (; hole > 0 && keys[hole - 1] > key; hole--) keys[hole] = keys[hole - 1];
    keys[hole] = key;
  }
}

}  // namespace

void sort_by_offset(std::vector<std::uint64_t>& keys, std::uint64_t span, std::vector<std::uint64_t>& scratch,
                    std::vector<std::uint32_t>& slots) {
  if (keys.size() <= kInsertionOnly) return insertion_sort(keys);
  const std::uint64_t slots_wanted = std::min<std::uint64_t>(kSlotsMax, keys.size());
  int shift = 32;
  while ((span << 32 >> shift) >= slots_wanted) shift++;
  slots.assign((span << 32 >> shift) + 1, 0);
  for (const std::uint64_t key : keys) slots[key >> shift]++;
  std::uint32_t sum = 0;
  std::uint32_t most = 0;
  for (std::uint32_t& slot : slots) {
    most = std::max(most, slot);
    sum += slot;
    slot = sum;
  }
  scratch.resize(keys.size());
  for (const std::uint64_t key : keys) scratch[--slots[key >> shift]] = key;
  keys.swap(scratch);
  // Keys that bunch in few slots would make the insertion pass quadratic.
  constexpr std::uint32_t kBunched = 64;
  most > kBunched ? std::sort(keys.begin(), keys.end()) : insertion_sort(keys);
}

}  // namespace conclave
