#include <queue>

#include "bench/loops.hpp"
#include "core/random.hpp"

namespace conclave::bench {

namespace {

struct Delivery {
  std::int64_t time;
  std::uint32_t to;
  std::uint32_t from;
  std::uint32_t number;
  /// A priority_queue gives the greatest first.
  bool operator<(const Delivery& other) const { return time > other.time; }
};

using Heap = std::priority_queue<Delivery>;

void broadcast(Heap& heap, const Star& star, std::int64_t now, std::uint32_t from, std::uint32_t round) {
  std::int64_t leaves = now;
  for (std::uint32_t to = 0; to < star.agents; to++) {
    if (to == from) continue;
    heap.push({leaves + star.delay_ns(from, to), to, from, round});
    leaves += star.serialisation_ns;
  }
}

}  // namespace

Measurement rounds_by_heap(const Star& star, std::uint32_t rounds) {
  struct Voter {
    std::uint32_t round = 0;
    std::uint32_t votes[2] = {0, 0};
  };
  const Stopwatch loop;
  std::vector<Voter> voters(star.agents);
  Heap heap;
  for (std::uint32_t i = 0; i < star.agents; i++) broadcast(heap, star, 0, i, 0);
  std::uint64_t delivered = 0;
  while (!heap.empty()) {
    const Delivery next = heap.top();
    heap.pop();
    delivered++;
    Voter& voter = voters[next.to];
    voter.votes[next.number % 2]++;
    if (voter.votes[voter.round % 2] < star.agents - 1) continue;
    voter.votes[voter.round % 2] = 0;
    if (++voter.round < rounds) broadcast(heap, star, next.time, next.to, voter.round);
  }
  return {loop.seconds(), static_cast<double>(delivered)};
}

Measurement questions_by_heap(const Star& star, std::uint32_t questions) {
  const Stopwatch loop;
  Heap heap;
  const auto ask = [&](std::int64_t now, std::uint32_t from, std::uint32_t asked) {
    const std::uint32_t to = (from + 1 + asked % (star.agents - 1)) % star.agents;
    heap.push({now + star.delay_ns(from, to), to, from, 2 * asked});
  };
  for (std::uint32_t i = 0; i < star.agents; i++) ask(0, i, 0);
  std::uint64_t delivered = 0;
  while (!heap.empty()) {
    const Delivery next = heap.top();
    heap.pop();
    delivered++;
    if (next.number % 2 == 0) {
      heap.push({next.time + star.delay_ns(next.to, next.from), next.from, next.to, next.number + 1});
    } else if (next.number / 2 + 1 < questions) {
      ask(next.time, next.to, next.number / 2 + 1);
    }
  }
  return {loop.seconds(), static_cast<double>(delivered)};
}

Measurement timers_by_heap(std::uint32_t timers) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  const Stopwatch loop;
  Random random(Stream(1, "timers"));
  Heap heap;
  std::vector<bool> cancelled(timers);
  for (std::uint32_t i = 0; i < timers; i++) heap.push({static_cast<std::int64_t>(1 + random.below(kSecond)), 0, 0, i});
  for (std::uint32_t i = 1; i < timers; i += 2) cancelled[i] = true;
  std::uint64_t fired = 0;
  for (; !heap.empty(); heap.pop()) fired += !cancelled[heap.top().number];
  return {loop.seconds(), static_cast<double>(2 * fired)};
}

}  // namespace conclave::bench
