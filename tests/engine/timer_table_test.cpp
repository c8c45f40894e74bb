// The table holds what a map would, whatever was set and erased in whatever order, and however names collide.

#include "engine/timer_table.hpp"

#include <doctest/doctest.h>

#include <map>

#include "core/random.hpp"

using namespace conclave;

namespace {

TimerKey draw_key(Random& random, std::uint64_t stride) {
  return {.name = static_cast<std::uint32_t>(random.below(3)),
          .layer = static_cast<std::uint32_t>(random.below(2)),
          .id = random.below(50) * stride};
}

void compare_with_map(std::uint64_t stride) {
  Random random(Stream(stride, "timers"));
  TimerTable table;
  std::map<TimerKey, Time> model;
  for (int i = 0; i < 20'000; i++) {
    const TimerKey key = draw_key(random, stride);
    if (random.below(2) == 0) {
      const Time deadline(Duration(static_cast<std::int64_t>(random.below(1'000))));
      table.set(key, deadline);
      model[key] = deadline;
    } else if (PendingTimer* timer = table.find(key)) {
      table.erase(timer);
      REQUIRE(model.erase(key) == 1);
    }
    if (i % 5'000 == 4'999) {
      table.clear();
      model.clear();
    }
    const TimerKey other = draw_key(random, stride);
    const PendingTimer* found = table.find(other);
    const auto expected = model.find(other);
    REQUIRE((found != nullptr) == (expected != model.end()));
    if (!found) continue;
    CHECK(found->key == other);
    CHECK(found->deadline == expected->second);
  }
}

}  // namespace

TEST_CASE("the table of timers holds what a map would") {
  for (const std::uint64_t stride : {1, 3, 1 << 10}) compare_with_map(stride);
  compare_with_map(std::uint64_t{1} << 40);
}

TEST_CASE("a cancelled timer whose entry is still to come keeps its place") {
  TimerTable table;
  PendingTimer& timer = table.set({.id = 7}, Time(Duration(5)));
  timer.queued = timer.deadline;
  timer.deadline = kNever;
  REQUIRE(table.find({.id = 7}) != nullptr);
  CHECK(table.find({.id = 7})->queued == Time(Duration(5)));
  table.erase(table.find({.id = 7}));
  CHECK(table.find({.id = 7}) == nullptr);
}
