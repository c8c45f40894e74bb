// Randomness that is addressed, not consumed: every draw is a pure function of (seed, stream name, ids, counter), so
// adding an agent, an option or a draw in one place shifts nothing elsewhere, and two protocols can be compared on the
// same draws.
//
// The generator is SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014) read
// at random positions. No `std::` distribution is used anywhere: their algorithms differ between standard libraries.
#pragma once

#include <cstdint>
#include <string_view>

namespace conclave {

/// Finaliser of SplitMix64: a bijection on 64 bits in which every input bit moves every output bit.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A chance in [0, 1], held as an integer so that no result hangs on floating point: parts per 2^32.
class Probability {
 public:
  constexpr Probability() = default;
  /// Nearest representable value. Requires 0 <= p <= 1.
  static constexpr Probability of(double p) { return Probability(static_cast<std::uint64_t>(p * 4294967296.0 + 0.5)); }
  constexpr double value() const { return static_cast<double>(parts_) / 4294967296.0; }
  /// True for a fraction p of all 64-bit words, so `p.hits(stream.at(i))` happens with probability p.
  constexpr bool hits(std::uint64_t word) const { return (word >> 32) < parts_; }
  constexpr bool operator==(const Probability&) const = default;

 private:
  constexpr explicit Probability(std::uint64_t parts) : parts_(parts) {}
  std::uint64_t parts_ = 0;
};

/// A family of random words that can be read at any position, in any order, from any thread.
class Stream {
 public:
  Stream() = default;  ///< to be assigned: read by nobody before
  Stream(std::uint64_t seed, std::string_view name);
  /// The sub-family of one id: an agent, a link, a message.
  constexpr Stream child(std::uint64_t id) const { return Stream(mix(key_ + kGolden * (id + 1)) ^ kChild); }
  /// Word number `counter` of this family.
  constexpr std::uint64_t at(std::uint64_t counter) const { return mix(key_ + kGolden * (counter + 1)); }

 private:
  static constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15u;
  static constexpr std::uint64_t kChild = 0xd1b54a32d192ed03u;
  constexpr explicit Stream(std::uint64_t key) : key_(key) {}
  std::uint64_t key_;
};

/// Reads one stream from the front. Copyable, so that an agent's state is.
class Random {
 public:
  explicit Random(Stream stream) : stream_(stream) {}
  std::uint64_t next() { return stream_.at(counter_++); }
  /// Uniform in [0, bound), without bias (Lemire, "Fast random integer generation in an interval", 2019). bound > 0.
  std::uint64_t below(std::uint64_t bound);
  bool hits(Probability p) { return p.hits(next()); }
  /// Words drawn so far.
  std::uint64_t drawn() const { return counter_; }

 private:
  Stream stream_;
  std::uint64_t counter_ = 0;
};

}  // namespace conclave
