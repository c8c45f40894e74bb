// The parts of delivery layers, each by itself: known answers, and a comparison with something simpler and slower.

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "protocols/delivery/backoff.hpp"
#include "protocols/delivery/copies.hpp"
#include "protocols/delivery/dedup_window.hpp"
#include "protocols/delivery/label.hpp"
#include "protocols/delivery/ledger.hpp"
#include "protocols/delivery/round_trip.hpp"
#include "protocols/delivery/sequence_buffer.hpp"

namespace conclave {
namespace {

using std::chrono::milliseconds;
using Verdict = DedupWindow::Verdict;

double mean_wait(const Backoff& backoff, Duration base, int attempt) {
  const Stream words(7, "backoff test");
  double sum = 0;
  constexpr int kDraws = 20'000;
  for (int draw = 0; draw < kDraws; draw++) {
    Backoff::State state;
    Duration wait{};
    for (int k = 1; k <= attempt; k++)
      wait = backoff.next(state, base, words.child(static_cast<std::uint64_t>(draw)).at(static_cast<std::uint64_t>(k)));
    sum += seconds(wait);
  }
  return sum / kDraws;
}

}  // namespace

TEST_CASE("delivery parts: backoff grows by its factor up to its cap") {
  const Backoff backoff{.factor = Factor::of(3), .cap = milliseconds(1000), .jitter = BackoffJitter::none};
  Backoff::State state;
  std::vector<std::int64_t> waits;
  for (int k = 0; k < 7; k++) waits.push_back(backoff.next(state, milliseconds(10), 0).count() / 1'000'000);
  CHECK(waits == std::vector<std::int64_t>{10, 30, 90, 270, 810, 1000, 1000});
}

TEST_CASE("delivery parts: jitter takes its share of the wait") {
  // Means of the fourth wait, 80 ms without jitter; the standard error of full jitter's is 0.16 ms.
  const auto mean = [](BackoffJitter jitter) {
    return mean_wait({.factor = Factor::of(2), .cap = std::chrono::seconds(1), .jitter = jitter}, milliseconds(10), 4);
  };
  CHECK(mean(BackoffJitter::none) == doctest::Approx(0.080));
  CHECK(std::abs(mean(BackoffJitter::equal) - 0.060) < 0.0005);
  CHECK(std::abs(mean(BackoffJitter::full) - 0.040) < 0.001);
  // Decorrelated: E[w1] = (b + 3b) / 2 = 2b, and E[w] = (b + 3 E[w before]) / 2: 20, 35, 57.5, 91.25 ms.
  CHECK(std::abs(mean(BackoffJitter::decorrelated) - 0.09125) < 0.002);
}

TEST_CASE("delivery parts: no wait exceeds the cap and none of equal jitter is below half") {
  const Stream words(9, "backoff test");
  for (const auto jitter :
       {BackoffJitter::none, BackoffJitter::equal, BackoffJitter::full, BackoffJitter::decorrelated}) {
    const Backoff backoff{.factor = Factor::of(2), .cap = milliseconds(70), .jitter = jitter};
    Backoff::State state;
    for (std::uint64_t k = 0; k < 1000; k++) {
      const Duration wait = backoff.next(state, milliseconds(10), words.at(k));
      CHECK(wait <= milliseconds(70));
      if (jitter == BackoffJitter::equal && k >= 3) CHECK(wait >= milliseconds(35));
      if (jitter == BackoffJitter::decorrelated) CHECK(wait >= milliseconds(10));
    }
  }
}

TEST_CASE("delivery parts: the adaptive timer is that of RFC 6298") {
  RoundTrip round_trip(std::chrono::seconds(1), milliseconds(1), std::chrono::seconds(60));
  CHECK(round_trip.timeout() == std::chrono::seconds(1));
  round_trip.measured(milliseconds(100));  // SRTT = R, RTTVAR = R / 2
  CHECK(round_trip.smoothed() == milliseconds(100));
  CHECK(round_trip.variation() == milliseconds(50));
  CHECK(round_trip.timeout() == milliseconds(300));
  round_trip.measured(milliseconds(180));  // RTTVAR = 3/4 50 + 1/4 80 = 57.5, SRTT = 7/8 100 + 1/8 180 = 110
  CHECK(round_trip.variation() == std::chrono::microseconds(57'500));
  CHECK(round_trip.smoothed() == milliseconds(110));
  CHECK(round_trip.timeout() == milliseconds(340));
  for (int i = 0; i < 200; i++) round_trip.measured(milliseconds(20));
  CHECK(round_trip.timeout() < milliseconds(21));
  RoundTrip narrow(std::chrono::seconds(1), milliseconds(50), milliseconds(60));
  narrow.measured(milliseconds(1));
  CHECK(narrow.timeout() == milliseconds(50));
  narrow.measured(std::chrono::seconds(9));
  CHECK(narrow.timeout() == milliseconds(60));
}

TEST_CASE("delivery parts: a window knows what was overtaken from what was had") {
  DedupWindow window(8);
  CHECK(window.judge(3) == Verdict::fresh);
  window.mark(3);
  CHECK(window.low() == 0);
  CHECK(window.judge(1) == Verdict::fresh);  // a high watermark alone would call it a duplicate
  window.mark(1);
  CHECK(window.low() == 1);
  window.mark(2);
  CHECK(window.low() == 3);
  CHECK(window.judge(2) == Verdict::duplicate);
  CHECK(window.judge(11) == Verdict::fresh);
  CHECK(window.judge(12) == Verdict::beyond);
  window.raise(10);
  CHECK(window.low() == 10);
  CHECK(window.judge(10) == Verdict::duplicate);
  CHECK(window.judge(18) == Verdict::fresh);
}

TEST_CASE("delivery parts: a window agrees with a set of all numbers") {
  for (std::uint64_t seed = 1; seed <= 30; seed++) {
    Random random(Stream(seed, "window test"));
    const auto size = static_cast<std::uint32_t>(1 + random.below(300));
    DedupWindow window(size);
    std::set<std::uint64_t> seen;
    std::uint64_t low = 0;
    const auto settle = [&] {
      while (seen.contains(low + 1)) low++;
    };
    for (int step = 0; step < 3000; step++) {
      if (random.below(200) == 0) {
        const std::uint64_t raised = low + random.below(random.below(10) == 0 ? 2000 : 20);
        window.raise(raised);
        low = std::max(low, raised);
        settle();
      }
      const std::uint64_t sequence =
          low + random.below(size + 10) + (low > 5 ? 0 : 1) - std::min<std::uint64_t>(low, random.below(5));
      if (sequence == 0) continue;
      const Verdict expected = sequence <= low || seen.contains(sequence) ? Verdict::duplicate
                               : sequence - low > size                    ? Verdict::beyond
                                                                          : Verdict::fresh;
      REQUIRE(window.judge(sequence) == expected);
      if (expected == Verdict::fresh) {
        window.mark(sequence);
        seen.insert(sequence);
        settle();
      }
      REQUIRE(window.low() == low);
    }
  }
}

TEST_CASE("delivery parts: a token has a state from beginning to end and is forgotten at last") {
  TokenLedger ledger(4);
  CHECK(ledger.state(1) == TokenState::unknown);
  CHECK(ledger.open() == 1);
  CHECK(ledger.open() == 2);
  CHECK(ledger.state(1) == TokenState::in_flight);
  ledger.settle(2, TokenState::expired);
  CHECK(ledger.state(2) == TokenState::expired);
  ledger.settle(2, TokenState::delivered);  // the first answer counts
  CHECK(ledger.state(2) == TokenState::expired);
  CHECK(ledger.in_flight() == 1);
  for (std::uint64_t token = 3; token <= 500; token++) {
    CHECK(ledger.open() == token);
    ledger.settle(token, TokenState::delivered);
  }
  CHECK(ledger.state(2) == TokenState::expired);  // not forgotten: the first token is still in flight
  ledger.settle(1, TokenState::dead_lettered);
  CHECK(ledger.state(1) == TokenState::unknown);
  CHECK(ledger.state(500) == TokenState::delivered);
  CHECK(ledger.state(497) == TokenState::delivered);
  CHECK(ledger.state(501) == TokenState::unknown);
}

TEST_CASE("delivery parts: a buffer of consecutive numbers") {
  SequenceBuffer<int> buffer;
  CHECK(buffer.empty());
  for (int i = 1; i <= 1000; i++) CHECK(buffer.push(10 * i) == static_cast<std::uint64_t>(i));
  for (std::uint64_t i = 1; i <= 999; i++) {
    REQUIRE(buffer.first() == i);
    REQUIRE(buffer[1000] == 10'000);
    REQUIRE(buffer[i] == static_cast<int>(10 * i));
    buffer.pop();
  }
  CHECK(!buffer.contains(999));
  CHECK(buffer.contains(1000));
  CHECK(!buffer.contains(1001));
  CHECK(buffer.size() == 1);
}

TEST_CASE("delivery parts: copies with one number are one message, others as few as there are numbers") {
  const Send original{Recipients::range({agent(0), 5}), share(TrafficItem{})};
  Copies<int> copies;
  const auto wrap = [](int key, AgentId) {
    TrafficItem item;
    item.number = static_cast<std::uint64_t>(key);
    return share(std::move(item));
  };
  const auto sent = [&](const std::vector<std::pair<std::uint32_t, int>>& keys, bool complete) {
    Outbox out;
    copies.clear();
    for (const auto& [to, key] : keys) copies.add(agent(to), key);
    copies.send(original, complete, wrap, out);
    std::vector<std::pair<std::uint32_t, std::uint64_t>> all;  // receivers, number
    for (const Effect& effect : out.effects()) {
      const Send& send = std::get<Send>(effect);
      all.emplace_back(send.to.count(agent(0)), send.body->as<TrafficItem>()->number);
    }
    return all;
  };
  using Sent = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
  CHECK(sent({{1, 7}, {2, 7}, {3, 7}, {4, 7}}, true) == Sent{{4, 7}});
  CHECK(sent({{1, 7}, {2, 7}, {3, 7}}, false) == Sent{{3, 7}});
  CHECK(sent({{1, 7}, {2, 8}, {3, 7}, {4, 9}}, true) == Sent{{2, 7}, {1, 8}, {1, 9}});
  CHECK(sent({}, true) == Sent{});
}

}  // namespace conclave
