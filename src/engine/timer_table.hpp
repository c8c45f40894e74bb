// An agent's pending timers, by name: a flat table with open addressing, because whoever sets timers sets many, and
// each is looked for when its time has come. Nobody walks through it, so no order of it reaches a result.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace conclave {

/// A timer that is pending, or was cancelled while its queue entry is still to come.
struct PendingTimer {
  TimerKey key;
  Time deadline = kNever;  ///< kNever when it was cancelled
  /// When its queue entry comes up; kNever when it has none. The entry may stand at an earlier time than the deadline:
  /// then it moves on when it comes up, which makes setting a timer again and again as cheap as it looks.
  Time queued = kNever;
};

class TimerTable {
 public:
  /// The timer of this name, or nullptr.
  PendingTimer* find(TimerKey key) {
    if (used_ == 0) return nullptr;
    PendingTimer& slot = slots_[position(key)];
    return vacant(slot) ? nullptr : &slot;
  }

  /// The timer of this name, made if there is none, with this deadline. Requires deadline != kNever.
  PendingTimer& set(TimerKey key, Time deadline) {
    if ((used_ + 1) * kFilledParts > slots_.size() * kFilledMost) grow();
    PendingTimer& slot = slots_[position(key)];
    if (vacant(slot)) used_++;
    slot.key = key;
    slot.deadline = deadline;
    return slot;
  }

  /// Requires a timer of this table. Others may move.
  void erase(PendingTimer* timer) {
    // Whoever stands further from home than the gap is moves into it: so no search ends early.
    auto gap = static_cast<std::size_t>(timer - slots_.data());
    for (std::size_t i = next(gap); !vacant(slots_[i]); i = next(i)) {
      if (distance(home(slots_[i].key), i) < distance(gap, i)) continue;
      slots_[gap] = slots_[i];
      gap = i;
    }
    slots_[gap] = {};
    used_--;
  }

  void clear() {
    slots_.clear();
    used_ = 0;
  }

  /// Soon this timer will be looked for.
  [[gnu::always_inline]] void fetch_ahead(TimerKey key) const {  // GCC 12 drops a call that only prefetches
    if (used_ > 0) __builtin_prefetch(&slots_[home(key)]);
  }

 private:
  // At most 3/4 of the slots are in use.
  static constexpr std::size_t kFilledMost = 3, kFilledParts = 4;
  static constexpr std::size_t kSlotsLeast = 4;

  /// Neither deadline nor entry.
  static bool vacant(const PendingTimer& slot) { return slot.deadline == kNever && slot.queued == kNever; }

  /// Where the search for a name begins. The multiplication spreads names that follow each other, or any stride.
  std::size_t home(TimerKey key) const {
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15u;
    const std::uint64_t word =
        key.id ^ std::rotl(std::uint64_t{key.name}, 40) ^ std::rotl(std::uint64_t{key.layer}, 56);
    return static_cast<std::size_t>((word * kGolden) >> shift_);
  }
  std::size_t next(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }
  std::size_t distance(std::size_t from, std::size_t to) const { return (to - from) & (slots_.size() - 1); }

  /// Of the timer, or of the vacant slot where it belongs.
  std::size_t position(TimerKey key) const {
    std::size_t i = home(key);
    while (!vacant(slots_[i]) && slots_[i].key != key) i = next(i);
    return i;
  }

  void grow() {
    const std::vector<PendingTimer> old = std::move(slots_);
    slots_.assign(old.empty() ? kSlotsLeast : 2 * old.size(), {});
    shift_ = 64 - std::countr_zero(slots_.size());
    for (const PendingTimer& timer : old)
      if (!vacant(timer)) slots_[position(timer.key)] = timer;
  }

  std::vector<PendingTimer> slots_;  ///< a power of two, or none
  std::uint32_t used_ = 0;
  int shift_ = 0;
};

}  // namespace conclave
