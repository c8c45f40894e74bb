// The agenda gives out, window by window, what was put into it, near or far.

#include "engine/agenda.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "core/random.hpp"

using namespace conclave;

namespace {

constexpr AgentRange kAgents{agent(100), 5000};

/// What a page says: the number of each entry, and of an arrival the bytes of its message, which were made the same.
std::vector<std::uint64_t> contents(const Page& page) {
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < page.entries.size(); i++) {
    const QueueEntry& entry = page.entries[i];
    if (entry.what == Occurrence::arrival) CHECK(page.messages[entry.slot].bytes == entry.number);
    numbers.push_back(entry.number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

QueueEntry draw_entry(Random& random, std::uint64_t number) {
  return {.agent = kAgents[random.below(kAgents.count)],
          .what = random.below(2) == 0 ? Occurrence::arrival : Occurrence::timer,
          .number = number};
}

void put(Agenda& agenda, std::int64_t window, const QueueEntry& entry) {
  entry.what == Occurrence::arrival ? agenda.add(window, entry, {.bytes = entry.number}) : agenda.add(window, entry);
}

}  // namespace

TEST_CASE("each window gets what was put on its page and no other") {
  Random random(Stream(1, "agenda"));
  Agenda agenda;
  std::map<std::int64_t, std::vector<std::uint64_t>> model;
  Page page;
  std::uint64_t number = 0;
  for (int turn = 0; turn < 3'000; turn++) {
    for (std::uint64_t i = random.below(6); i > 0; i--) {
      const std::uint64_t reach[] = {3, 70, 1'000, 1'100, 5'000};
      const std::int64_t window = agenda.next() + static_cast<std::int64_t>(random.below(reach[random.below(5)]));
      put(agenda, window, draw_entry(random, number));
      model[window].push_back(number++);
    }
    REQUIRE(agenda.first().has_value() == !model.empty());
    if (model.empty()) continue;
    REQUIRE(*agenda.first() == model.begin()->first);
    // Broadcasts can make a window of which the agenda knows nothing.
    const std::int64_t gap = model.begin()->first - agenda.next();
    const bool unknown = gap > 0 && random.below(3) == 0;
    agenda.turn(unknown ? agenda.next() : model.begin()->first, page);
    CHECK(contents(page) == (unknown ? std::vector<std::uint64_t>{} : model.begin()->second));
    if (!unknown) model.erase(model.begin());
  }
  CHECK(number > 5'000);
}

TEST_CASE("a page is ordered by agent") {
  Random random(Stream(2, "agenda"));
  std::vector<std::uint64_t> order, scratch;
  for (const std::size_t size : {0, 1, 50, 255, 256, 20'000}) {
    Blocks<QueueEntry> entries;
    Blocks<QueueEntry>::Store store;
    for (std::size_t i = 0; i < size; i++) entries.add(store) = draw_entry(random, i);
    order_by_agent(entries, kAgents, order, scratch);
    REQUIRE(order.size() == size);
    CHECK(std::is_sorted(order.begin(), order.end()));
    for (const std::uint64_t key : order) REQUIRE(kAgents[key >> 32] == entries[static_cast<std::uint32_t>(key)].agent);
  }
}
