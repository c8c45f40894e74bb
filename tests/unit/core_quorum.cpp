// The arithmetic that everything rests on, checked for every n up to 200 and every f that n bears.

#include <doctest/doctest.h>

#include <vector>

#include "core/quorum.hpp"

namespace conclave {
namespace {

constexpr std::uint32_t kMost = 200;

/// Calls visit(n, f) for every pair that should work.
template <class Visit>
void each_system(Visit visit) {
  for (std::uint32_t n = 1; n <= kMost; n++)
    for (std::uint32_t f = 0; n > 3 * f; f++) visit(n, f);
}

}  // namespace

TEST_CASE("two quorums share f + 1 replicas, so an honest one") {
  each_system([](std::uint32_t n, std::uint32_t f) {
    const std::uint32_t q = byzantine_quorum(n, f);
    CHECK(2 * q >= n + f + 1);  // |A and B| >= 2q - n
  });
}

TEST_CASE("the honest alone make a quorum") {
  each_system([](std::uint32_t n, std::uint32_t f) { CHECK(byzantine_quorum(n, f) <= n - f); });
}

TEST_CASE("no smaller quorum is safe") {
  each_system([](std::uint32_t n, std::uint32_t f) {
    const std::uint32_t smaller = byzantine_quorum(n, f) - 1;
    CHECK(2 * smaller < n + f + 1);
  });
}

TEST_CASE("n bears f if and only if n >= 3f + 1") {
  for (std::uint32_t n = 1; n <= kMost; n++) {
    CHECK(least_replicas(most_faulty(n)) <= n);
    CHECK(least_replicas(most_faulty(n) + 1) > n);
    // One more liar and the least safe quorum is out of reach of the honest.
    const std::uint32_t f = most_faulty(n) + 1;
    CHECK((f > n || byzantine_quorum(n, f) > n - f));
  }
}

TEST_CASE("the quorum is 2f + 1 for n = 3f + 1, and for no larger n") {
  for (std::uint32_t f = 0; f <= 60; f++) {
    CHECK(byzantine_quorum(3 * f + 1, f) == 2 * f + 1);
    CHECK(byzantine_quorum(3 * f + 2, f) == 2 * f + 2);
    CHECK(byzantine_quorum(3 * f + 3, f) == 2 * f + 2);
    CHECK(byzantine_quorum(3 * f + 4, f + 1) == 2 * f + 3);
  }
}

TEST_CASE("among f + 1 one is honest") {
  for (std::uint32_t f = 0; f <= kMost; f++) CHECK(honest_witness(f) == f + 1);
}

TEST_CASE("2f + 1 hold f + 1 that are honest, the least number that does, and the honest alone are so many") {
  each_system([](std::uint32_t n, std::uint32_t f) {
    CHECK(honest_majority(f) - f == honest_witness(f));
    CHECK(honest_majority(f) <= n - f);
  });
}

TEST_CASE("two majorities share a replica, no two smaller sets need to, and those that live make one") {
  for (std::uint32_t n = 1; n <= kMost; n++) {
    CHECK(2 * crash_quorum(n) > n);
    CHECK(2 * (crash_quorum(n) - 1) <= n);
    CHECK(crash_quorum(n) <= n - most_crashed(n));
    CHECK(crash_quorum(n) > n - (most_crashed(n) + 1));
    CHECK(least_crash_replicas(most_crashed(n)) <= n);
    CHECK(least_crash_replicas(most_crashed(n) + 1) > n);
  }
}

TEST_CASE("a vote set counts voters, never votes") {
  for (const std::uint32_t replicas : {1u, 63u, 64u, 65u, 200u}) {
    VoteSet votes;
    CHECK(votes.count() == 0);
    CHECK(!votes.contains(0));
    for (std::uint32_t rank = 0; rank < replicas; rank++) {
      CHECK(!votes.contains(rank));
      CHECK(votes.add(rank, replicas));
      CHECK(!votes.add(rank, replicas));
      CHECK(votes.contains(rank));
      CHECK(votes.count() == rank + 1);
    }
    CHECK(!votes.contains(replicas + 1000));
  }
}

TEST_CASE("copies of a vote set are independent") {
  VoteSet votes;
  votes.add(3, 10);
  VoteSet copy = votes;
  copy.add(4, 10);
  CHECK(votes.count() == 1);
  CHECK(copy.count() == 2);
}

}  // namespace conclave
