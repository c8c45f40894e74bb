// Which messages a link fault befalls, and what the engine makes of it: counts within the bounds of their distribution
// (five standard errors, once in 1.7 million), times to the nanosecond.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cmath>

#include "engine/stage.hpp"

using namespace conclave;
using namespace conclave::stage;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kAgents = 10;

std::string star(const std::string& faults, const std::string& more = "") {
  return fmt::format(
      "platform: {{ star: {{ hosts: 10, latency: 500us, bandwidth: 8Mbps }} }}\n"
      "network: {{ header: 0B }}\n"
      "agents: [ {{ group: actor, count: {}, stack: [test_actor] }} ]\nfaults:\n{}{}",
      kAgents, faults, more);
}

/// Each agent sends a parcel of 100 bytes to all others, as many times as it is told, each 10 ms.
Act rounds(std::uint64_t count) {
  return [count](const View& view, const Input& input, Outbox& out) {
    const auto* fired = std::get_if<TimerFired>(&input);
    if (!fired && !std::holds_alternative<Start>(input)) return;
    const std::uint64_t round = fired ? fired->key.id : 0;
    out.broadcast(view.peers, parcel(100));
    if (round + 1 < count) {
      if (fired) out.cancel_timer(fired->key);
      out.set_timer({.id = round + 1}, 10ms);
    }
  };
}

/// Agent 0 sends one parcel of 1000 bytes to agent 1 at the start.
void one_parcel(const View& view, const Input& input, Outbox& out) {
  if (std::holds_alternative<Start>(input) && index(view.self) == 0) out.send(AgentId{1}, parcel(1000));
}

std::uint64_t dropped(const Recording& run, DropReason reason) {
  return run.result.metrics.messages_dropped[static_cast<std::size_t>(reason)];
}

}  // namespace

TEST_CASE("loss of 10 % over a million messages is binomial") {
  const Recording run = play(star("  - { link: loss, probability: 10% }\n"), rounds(11'112));
  const double n = 90.0 * 11'112, p = 0.1;
  CHECK(run.result.metrics.messages_sent == 90 * 11'112);
  CHECK(std::abs(static_cast<double>(dropped(run, DropReason::loss)) - n * p) < 5 * std::sqrt(n * p * (1 - p)));
  CHECK(run.result.metrics.messages_delivered + dropped(run, DropReason::loss) == run.result.metrics.messages_sent);
}

TEST_CASE("every lost message is an event at its receiver when it would have arrived") {
  const Recording run = play(star("  - { link: loss }\n"), one_parcel);
  const auto drops = run.of(EventKind::dropped, 1);
  REQUIRE(drops.size() == 1);
  CHECK(drops[0].time == Time(2ms));  // 1 ms latency, 1000 bytes at 8 Mbit/s
  CHECK(drops[0].amount == static_cast<std::uint64_t>(DropReason::loss));
}

TEST_CASE("what links add to a latency is in the event") {
  const Recording run = play(star("  - { link: slow, by: 3ms }\n  - { link: duplicate, within: 0ms }\n"), one_parcel);
  const auto arrivals = run.of(EventKind::delivered, 1);
  REQUIRE(arrivals.size() == 2);
  CHECK(arrivals[0].time == Time(5ms));
  CHECK(arrivals[0].held_back == 3ms);
  CHECK(arrivals[0].copy == 0);
  CHECK(arrivals[1].copy == 1);
  CHECK(arrivals[1].time == Time(6ms));  // the receiver's link carries it after the first
  CHECK(run.result.metrics.messages_duplicated == 1);
}

TEST_CASE("a duplicated message of ten percent comes eleven times for ten") {
  const Recording run = play(star("  - { link: duplicate, probability: 10%, within: 5ms }\n"), rounds(1'000));
  const double n = 90'000, p = 0.1;
  const Metrics& metrics = run.result.metrics;
  CHECK(std::abs(static_cast<double>(metrics.messages_duplicated) - n * p) < 5 * std::sqrt(n * p * (1 - p)));
  CHECK(metrics.messages_delivered == metrics.messages_sent + metrics.messages_duplicated);
}

TEST_CASE("a partition cuts exactly the links between its sides") {
  const Recording run =
      play(star("  - { link: partition, between: [\"actor[0..2]\", \"actor[3..9]\"] }\n"), rounds(10));
  CHECK(dropped(run, DropReason::partition) == 10 * 2 * 3 * 7);
}

TEST_CASE("three islands are three sides of a partition") {
  const Recording run =
      play(star("  - { link: partition, between: [\"actor[0..1]\", \"actor[2..4]\", \"actor[5..9]\"] }\n"), rounds(1));
  CHECK(dropped(run, DropReason::partition) == 2 * (2 * 3 + 2 * 5 + 3 * 5));
}

TEST_CASE("a partition can cut one way") {
  const Recording run =
      play(star("  - { link: partition, senders: \"actor[0]\", receivers: \"actor[3..9]\" }\n"), rounds(10));
  CHECK(dropped(run, DropReason::partition) == 10 * 7);
}

TEST_CASE("a partition can cut off those who live somewhere") {
  const Recording run =
      play(star("  - { link: partition, between: [\"host:host-3\", [\"host:host-*\", \"actor[0]\"]] }\n"), rounds(1));
  CHECK(dropped(run, DropReason::partition) == 18);
}

TEST_CASE("links among the agents of one group") {
  const Recording run = play(star("  - { link: loss, between: [\"actor[0..3]\", \"actor[0..3]\"] }\n"), rounds(1));
  CHECK(dropped(run, DropReason::loss) == 4 * 3);
}

TEST_CASE("a fault has its time") {
  // Rounds at 0, 10, 20 … 90 ms: those of 30 to 60 ms are lost.
  const Recording run = play(star("  - { link: loss, from: 30ms, until: 61ms }\n"), rounds(10));
  CHECK(dropped(run, DropReason::loss) == 4 * 90);
}

TEST_CASE("loss ends when the network heals but what is slow stays so") {
  const Recording run = play(star("  - { link: loss }\n  - { link: slow, by: 1ms }\n", "heal_at: 50ms\n"), rounds(10));
  CHECK(dropped(run, DropReason::loss) == 5 * 90);
  CHECK(run.result.metrics.latency.least() >= 2ms);
}

TEST_CASE("a fault can be about kinds of messages") {
  const Recording other = play(star("  - { link: loss, kinds: [signed_parcel] }\n"), one_parcel);
  CHECK(dropped(other, DropReason::loss) == 0);
}

TEST_CASE("a cut of bandwidth is exact at both ends") {
  // At 1 Mbit/s 1000 bytes take 8 ms instead of 1 ms to leave; at the receiver, 8 ms more once they are there.
  const Recording sender = play(star("  - { link: bandwidth, limit: 1Mbps, agents: \"actor[0]\" }\n"), one_parcel);
  CHECK(sender.of(EventKind::delivered, 1).at(0).time == Time(9ms));
}

TEST_CASE("a receiver's link can be the one that is cut") {
  const Recording receiver = play(star("  - { link: bandwidth, limit: 1Mbps, agents: \"actor[1]\" }\n"), one_parcel);
  CHECK(receiver.of(EventKind::delivered, 1).at(0).time == Time(10ms));
}

TEST_CASE("bursts of loss in the engine") {
  const Recording run = play(star("  - { link: burst_loss, good: 90ms, bad: 10ms }\n"), rounds(2'000));
  const double n = 180'000, p = 0.1;
  // Messages of one link 10 ms apart are correlated by e^(-10/9): the variance is (1 + r) / (1 - r) = 1.98 times that
  // of independent ones.
  const double error = std::sqrt(n * p * (1 - p) * 1.98);
  CHECK(std::abs(static_cast<double>(dropped(run, DropReason::loss)) - n * p) < 5 * error);
}

TEST_CASE("flows of SimGrid meet link rules too") {
  std::string yaml = star("  - { link: loss, receivers: \"actor[2]\" }\n  - { link: slow, by: 4ms }\n");
  yaml.replace(yaml.find("header: 0B"), 10, "header: 0B, model: flow");
  const Recording run = play(yaml, [](const View& view, const Input& input, Outbox& out) {
    if (!std::holds_alternative<Start>(input) || index(view.self) != 0) return;
    out.send(AgentId{1}, parcel(1000));
    out.send(AgentId{2}, parcel(1000));
  });
  CHECK(dropped(run, DropReason::loss) == 1);
  REQUIRE(run.of(EventKind::delivered, 1).size() == 1);
  CHECK(run.of(EventKind::delivered, 1)[0].held_back == 4ms);
}

TEST_CASE("bulk transfers are stopped by partitions alone") {
  const Act bulk = [](const View& view, const Input& input, Outbox& out) {
    if (std::holds_alternative<Start>(input) && index(view.self) == 0) {
      out.transfer({.name = 1}, AgentId{1}, 1000, parcel(100));
      out.transfer({.name = 2}, AgentId{2}, 1000, parcel(100));
    }
  };
  const std::string yaml =
      star("  - { link: loss }\n  - { link: partition, receivers: \"actor[2]\" }\n", "executor: exact\n");
  const Recording run = play(yaml, bulk);
  CHECK(run.of(EventKind::delivered, 1).size() == 1);
  REQUIRE(run.of(EventKind::dropped, 2).size() == 1);
  const auto worked = run.of(EventKind::worked, 0);
  REQUIRE(worked.size() == 2);
  CHECK(worked[0].amount + worked[1].amount == 1);
}

TEST_CASE("nobody lives on a host that is not there") {
  CHECK(refusal(star("  - { link: loss, agents: \"host:hots-3\" }\n")).find("did you mean `host-3`?") !=
        std::string::npos);
}
