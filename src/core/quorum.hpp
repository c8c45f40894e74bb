// Quorum arithmetic and vote counting, in one place because everything rests on it.
//
// With n replicas of which f may lie, any two quorums must share an honest replica, and the honest ones alone must be
// able to form one: 2q - n >= f + 1 and q <= n - f. The least such q is floor((n + f) / 2) + 1, which is 2f + 1 when n
// = 3f + 1 (and not otherwise: taking 2f + 1 with n = 3f + 2 breaks agreement, as early IBFT showed). It exists if and
// only if n >= 3f + 1.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace conclave {

/// Least number of replicas that bear f Byzantine ones.
constexpr std::uint64_t least_replicas(std::uint32_t f) {
  return std::uint64_t{3} * f + 1;
}
/// Most Byzantine replicas that n bear. Requires n > 0.
constexpr std::uint32_t most_faulty(std::uint32_t n) {
  return (n - 1) / 3;
}
/// Replicas whose agreement no other agreement can contradict. Requires n >= 3f + 1.
constexpr std::uint32_t byzantine_quorum(std::uint32_t n, std::uint32_t f) {
  return (n + f) / 2 + 1;
}
/// Replicas among which at least one is honest.
constexpr std::uint32_t honest_witness(std::uint32_t f) {
  return f + 1;
}

/// Replicas of which more are honest than not.
constexpr std::uint32_t honest_majority(std::uint32_t f) {
  return 2 * f + 1;
}

// With crashes only, two majorities share a replica and that is enough: n >= 2f + 1.

/// Least number of replicas that bear f crashed ones.
constexpr std::uint64_t least_crash_replicas(std::uint32_t f) {
  return std::uint64_t{2} * f + 1;
}
/// Most crashed replicas that n bear. Requires n > 0.
constexpr std::uint32_t most_crashed(std::uint32_t n) {
  return (n - 1) / 2;
}
/// Least number of replicas of which any two sets have one in common.
constexpr std::uint32_t crash_quorum(std::uint32_t n) {
  return n / 2 + 1;
}

/// A set of voters, by rank in the group: counts voters, never votes.
class VoteSet {
 public:
  /// Adds a voter; false if it was already there. Requires rank < replicas.
  bool add(std::uint32_t rank, std::uint32_t replicas) {
    if (words_.empty()) words_.resize((replicas + 63) / 64);
    std::uint64_t& word = words_[rank / 64];
    const std::uint64_t bit = std::uint64_t{1} << (rank % 64);
    if (word & bit) return false;
    word |= bit;
    count_++;
    return true;
  }
  bool contains(std::uint32_t rank) const {
    return rank / 64 < words_.size() && (words_[rank / 64] >> (rank % 64) & 1);
  }
  std::uint32_t count() const { return count_; }
  /// The set as bits: bit r % 64 of word r / 64 is the voter of rank r. Empty when nobody has voted.
  const std::vector<std::uint64_t>& words() const { return words_; }

 private:
  std::vector<std::uint64_t> words_;
  std::uint32_t count_ = 0;
};

}  // namespace conclave
