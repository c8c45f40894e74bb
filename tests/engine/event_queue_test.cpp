// The queue gives out what a sorted list would, whatever was pushed when.

#include "engine/event_queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/random.hpp"

using namespace conclave;

namespace {

QueueEntry draw(Random& random) {
  return {.time = Time(Duration(static_cast<std::int64_t>(random.below(20)))),
          .agent = agent(random.below(3)),
          .what = static_cast<Occurrence>(random.below(10)),
          .copy = static_cast<std::uint8_t>(random.below(2)),
          .source = static_cast<std::uint32_t>(random.below(2)),
          .number = random.below(100)};
}

bool equal(const QueueEntry& a, const QueueEntry& b) {
  return !a.before(b) && !b.before(a);
}

}  // namespace

TEST_CASE("pops come in content order") {
  Random random(Stream(1, "queue"));
  EventQueue queue;
  std::vector<QueueEntry> model;
  for (int i = 0; i < 20'000; i++) {
    if (random.below(3) > 0 || model.empty()) {
      const QueueEntry entry = draw(random);
      queue.push(entry);
      model.insert(
          std::upper_bound(model.begin(), model.end(), entry, [](const auto& a, const auto& b) { return a.before(b); }),
          entry);
    } else {
      REQUIRE(equal(queue.top(), model.front()));
      model.erase(model.begin());
      if (random.below(2) == 0) {
        const QueueEntry entry = draw(random);
        queue.replace_top(entry);
        model.insert(std::upper_bound(model.begin(), model.end(), entry,
                                      [](const auto& a, const auto& b) { return a.before(b); }),
                     entry);
      } else {
        queue.pop();
      }
    }
    REQUIRE(queue.size() == model.size());
  }
}

TEST_CASE("an entry is 32 bytes: two to a cache line") {
  CHECK(sizeof(QueueEntry) == 32);
}
