#include "engine/agenda.hpp"

#include <algorithm>

namespace conclave {

void Agenda::append(Page& page, Page& other) {
  for (std::size_t i = 0; i < other.entries.size(); i++) {
    const QueueEntry& entry = other.entries[i];
    entry.what == Occurrence::arrival ? add(page, entry, std::move(other.messages[entry.slot])) : add(page, entry);
  }
}

std::optional<std::int64_t> Agenda::first() const {
  std::optional<std::int64_t> found;
  if (!far_.empty()) found = far_.begin()->first;
  // From the next window to the end of its word, then the other words, then what is left of the first.
  const auto begin = static_cast<std::size_t>(next_) % kNear;
  for (std::size_t i = 0; i <= written_.size(); i++) {
    const std::size_t word = (begin / 64 + i) % written_.size();
    std::uint64_t bits = written_[word];
    const std::uint64_t from_begin = ~std::uint64_t{0} << (begin % 64);
    if (i == 0) bits &= from_begin;
    if (i == written_.size()) bits &= ~from_begin;
    if (bits == 0) continue;
    const std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    const std::int64_t window = next_ + static_cast<std::int64_t>((slot - begin) % kNear);
    return found ? std::min(*found, window) : window;
  }
  return found;
}

void Agenda::turn(std::int64_t window, Page& page) {
  page.entries.clear(entries_);
  page.messages.clear(messages_);
  next_ = window + 1;
  const auto slot = static_cast<std::size_t>(window) % kNear;
  std::swap(page, near_[slot]);
  written_[slot / 64] &= ~bit(window);
  if (const auto late = far_.find(window); late != far_.end()) {
    append(page, late->second);
    far_.erase(late);
  }
}

namespace {

/// So few are sorted faster by comparing.
constexpr std::size_t kCountedLeast = 256;
/// Counters of one pass stay in the first-level cache.
constexpr int kDigitBits = 11;

void sort_by_digit(const std::vector<std::uint64_t>& from, int shift, std::vector<std::uint64_t>& to) {
  std::array<std::uint32_t, 1 << kDigitBits> ends{};
  const auto digit = [shift](std::uint64_t key) { return key >> shift & ((1u << kDigitBits) - 1); };
  for (const std::uint64_t key : from) ends[digit(key)]++;
  std::uint32_t sum = 0;
  for (std::uint32_t& end : ends) sum += std::exchange(end, sum);
  to.resize(from.size());
  for (const std::uint64_t key : from) to[ends[digit(key)]++] = key;
}

}  // namespace

void order_by_agent(const Blocks<QueueEntry>& entries, AgentRange agents, std::vector<std::uint64_t>& order,
                    std::vector<std::uint64_t>& scratch) {
  order.resize(entries.size());
  for (std::size_t i = 0; i < entries.size(); i++) order[i] = std::uint64_t{agents.rank(entries[i].agent)} << 32 | i;
  if (std::is_sorted(order.begin(), order.end())) return;
  if (order.size() < kCountedLeast) return std::sort(order.begin(), order.end());
  const int bits = 32 - std::countl_zero(agents.count - 1);
  for (int sorted = 0; sorted < bits; sorted += kDigitBits) {
    sort_by_digit(order, 32 + sorted, scratch);
    order.swap(scratch);
  }
}

}  // namespace conclave
