#include <doctest/doctest.h>

#include <vector>

#include "core/ids.hpp"

namespace conclave {

TEST_CASE("a range of agents is walked in ascending order") {
  const AgentRange range{agent(3), 4};
  std::vector<std::uint32_t> walked;
  for (const AgentId id : range) walked.push_back(index(id));
  CHECK(walked == std::vector<std::uint32_t>{3, 4, 5, 6});
}

TEST_CASE("an empty range has nobody") {
  const AgentRange range{agent(3), 0};
  CHECK(range.begin() == range.end());
  CHECK(!range.contains(agent(3)));
  CHECK(!range.contains(kNobody));
}

TEST_CASE("a range contains its own agents and no others") {
  const AgentRange range{agent(3), 4};
  for (std::uint32_t i = 0; i < 10; i++) CHECK(range.contains(agent(i)) == (i >= 3 && i < 7));
  CHECK(!range.contains(kNobody));
}

TEST_CASE("ranks count from the first agent of a range") {
  const AgentRange range{agent(3), 4};
  for (std::uint32_t rank = 0; rank < range.count; rank++) {
    CHECK(range[rank] == agent(3 + rank));
    CHECK(range.rank(range[rank]) == rank);
  }
}

TEST_CASE("keys are ordered by name, layer and id, so a map of timers is walked the same everywhere") {
  const TimerKey low{.name = 0, .layer = 9, .id = 9};
  CHECK(low < TimerKey{.name = 1});
  CHECK(TimerKey{.name = 1, .layer = 0, .id = 9} < TimerKey{.name = 1, .layer = 1});
  CHECK(TimerKey{.name = 1, .id = 2} == TimerKey{.name = 1, .layer = 0, .id = 2});
  CHECK(WorkKey{.name = 1, .id = 2} < WorkKey{.name = 1, .id = 3});
}

}  // namespace conclave
