// Which numbers of a sender have been seen: everything up to a low watermark, and a set of bits for those above it, of
// bounded size. A high watermark alone would throw away a message that another has overtaken.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace conclave {

class DedupWindow {
 public:
  enum class Verdict { fresh, duplicate, beyond };

  /// Holds the numbers up to `size` above the low watermark. Requires size > 0.
  explicit DedupWindow(std::uint32_t size) : size_(size) {}

  /// Everything up to here has been seen or is given up.
  std::uint64_t low() const { return low_; }
  std::uint32_t size() const { return size_; }
  /// How many above the low watermark have been seen.
  std::uint32_t ahead() const { return ahead_; }

  Verdict judge(std::uint64_t sequence) const {
    if (sequence <= low_) return Verdict::duplicate;
    if (sequence - low_ > size_) return Verdict::beyond;
    return test(sequence) ? Verdict::duplicate : Verdict::fresh;
  }

  /// Marks a number. Requires that it is fresh.
  void mark(std::uint64_t sequence) {
    if (sequence == low_ + 1) {
      low_++;
    } else {
      reserve(sequence - low_);
      word(sequence) |= bit(sequence);
      ahead_++;
    }
    absorb();
  }

  /// Nothing up to `low` is of interest any more.
  void raise(std::uint64_t low) {
    if (low <= low_) return;
    if (low - low_ >= capacity()) {
      std::fill(words_.begin(), words_.end(), 0);
      ahead_ = 0;
      low_ = low;
      return;
    }
    while (low_ < low) clear(++low_);
    absorb();
  }

 private:
  std::uint64_t capacity() const { return words_.size() * 64; }
  // A ring of bits: capacity is a power of two and at least as far as the furthest bit is above the low watermark.
  std::uint64_t& word(std::uint64_t sequence) { return words_[(sequence / 64) & (words_.size() - 1)]; }
  static std::uint64_t bit(std::uint64_t sequence) { return std::uint64_t{1} << (sequence % 64); }
  bool test(std::uint64_t sequence) const {
    if (sequence - low_ >= capacity()) return false;
    return words_[(sequence / 64) & (words_.size() - 1)] & bit(sequence);
  }
  void clear(std::uint64_t sequence) {
    std::uint64_t& at = word(sequence);
    ahead_ -= (at & bit(sequence)) != 0;
    at &= ~bit(sequence);
  }
  void absorb() {
    while (ahead_ > 0 && test(low_ + 1)) clear(++low_);
  }

  /// Makes room for a bit so far above the low watermark.
  void reserve(std::uint64_t distance) {
    if (distance < capacity()) return;
    std::uint64_t needed = std::max<std::uint64_t>(capacity(), 64);
    while (needed <= distance) needed *= 2;
    DedupWindow grown(size_);
    grown.low_ = low_;
    grown.words_.resize(needed / 64);
    for (std::uint64_t i = 1; i < capacity(); i++)
      if (test(low_ + i)) grown.word(low_ + i) |= bit(low_ + i);
    words_ = std::move(grown.words_);
  }

  std::uint32_t size_;
  std::uint64_t low_ = 0;
  std::uint32_t ahead_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace conclave
