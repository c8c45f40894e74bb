// Hosts and links that are switched off and on again.

#include <doctest/doctest.h>

#include "engine/stage.hpp"

using namespace conclave;
using namespace conclave::stage;
using namespace std::chrono_literals;

namespace {

const std::string kPair =
    "platform: { star: { hosts: 2, latency: 500us, bandwidth: 8Mbps } }\nnetwork: { header: 0B }\n"
    "agents: [ { group: actor, count: 2, stack: [test_actor] } ]\n";

Time at(Duration since_start) {
  return kStartOfRun + since_start;
}

/// Agent 0 sends agent 1 a parcel of 100 bytes every 10 ms, five in all; each takes 1.1 ms.
void send_five(const View& view, const Input& input, Outbox& out) {
  if (view.self != AgentId{0}) return;
  if (std::holds_alternative<Start>(input)) {
    for (std::uint64_t i = 0; i < 5; i++) out.set_timer({.id = i}, Duration(10ms) * static_cast<std::int64_t>(i));
  }
  if (const auto* fired = std::get_if<TimerFired>(&input))
    out.send(AgentId{1}, parcel(100, static_cast<std::uint32_t>(fired->key.id)));
}

bool starts_at_0(const View& view, const Input& input) {
  return std::holds_alternative<Start>(input) && view.self == AgentId{0};
}

std::vector<std::uint64_t> numbers(const std::vector<Event>& events) {
  std::vector<std::uint64_t> all;
  for (const Event& event : events) all.push_back(event.message);
  return all;
}

}  // namespace

TEST_CASE("what arrives at a host that is off is lost and its agent hears that it was restarted") {
  const Recording run = play(kPair + "outages: [ { host: host-1, at: 15ms, until: 25ms } ]\n", send_five);
  CHECK(numbers(run.of(EventKind::delivered, 1)) == std::vector<std::uint64_t>{0, 1, 3, 4});
  const auto dropped = run.of(EventKind::dropped, 1);
  REQUIRE(numbers(dropped) == std::vector<std::uint64_t>{2});
  CHECK(dropped[0].time == at(21'100us));
  CHECK(dropped[0].amount == static_cast<std::uint64_t>(DropReason::host_off));
  CHECK(run.of(EventKind::stopped, 1).at(0).time == at(15ms));
  CHECK(run.of(EventKind::restarted, 1).at(0).time == at(25ms));
  CHECK(run.result.metrics.dropped() == 1);
}

TEST_CASE("a host that goes off takes its timers with it") {
  const Recording run = play(kPair + "outages: [ { host: host-0, at: 15ms, until: 16ms } ]\n", send_five);
  CHECK(numbers(run.of(EventKind::sent, 0)) == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("a host that is off at the start starts when it comes on") {
  const Recording run = play(kPair + "outages: [ { host: host-0, at: 0s, until: 5ms } ]\n", send_five);
  CHECK(run.of(EventKind::started, 0).at(0).time == at(5ms));
  CHECK(run.of(EventKind::delivered, 1).size() == 5);
}

TEST_CASE("a message is lost when its access link is off at any time on its way") {
  const Recording run = play(kPair + "outages: [ { link: host-1.link, at: 10500us, until: 10600us } ]\n", send_five);
  CHECK(numbers(run.of(EventKind::delivered, 1)) == std::vector<std::uint64_t>{0, 2, 3, 4});
  const auto dropped = run.of(EventKind::dropped, 1);
  REQUIRE(dropped.size() == 1);
  CHECK(dropped[0].amount == static_cast<std::uint64_t>(DropReason::link_off));
}

TEST_CASE("a link between regions cuts just those regions") {
  const Recording run = play(
      "platform: { regions: { names: [a, b, c], round_trips: [[1ms, 20ms, 20ms], [20ms, 1ms, 20ms], [20ms, 20ms, 1ms]] "
      "} }\n"
      "agents: [ { group: actor, count: 3, stack: [test_actor] } ]\n"
      "outages: [ { link: a~b, at: 1ms, until: 1s } ]\n",
      [](const View& view, const Input& input, Outbox& out) {
        if (std::holds_alternative<Start>(input)) out.set_timer({}, 10ms);
        if (std::holds_alternative<TimerFired>(input)) out.broadcast(view.peers, parcel(12));
      });
  CHECK(run.of(EventKind::delivered, 0).size() == 1);
  CHECK(run.of(EventKind::delivered, 1).size() == 1);
  CHECK(run.of(EventKind::delivered, 2).size() == 2);
  CHECK(run.of(EventKind::dropped, 0).size() == 1);
  CHECK(run.of(EventKind::dropped, 1).size() == 1);
}

TEST_CASE("a computation fails with its host and the agent that comes back is not told of work it has forgotten") {
  const Recording run = play(
      "platform: { star: { hosts: 2, speed: 1Gf } }\nagents: [ { group: actor, count: 2, stack: [test_actor] } ]\n"
      "outages: [ { host: host-0, at: 100ms, until: 200ms } ]\n",
      [](const View&, const Input& input, Outbox& out) {
        if (std::holds_alternative<Start>(input)) out.compute({}, 1'000'000'000);
      });
  CHECK(run.of(EventKind::worked, 0).empty());
  CHECK(run.of(EventKind::worked, 1).at(0).time == at(1s));
}

TEST_CASE("a transfer to a host that goes off fails and its sender hears of it") {
  const Recording run = play(kPair + "outages: [ { host: host-1, at: 100ms, until: 200ms } ]\n",
                             [](const View& view, const Input& input, Outbox& out) {
                               if (std::holds_alternative<Start>(input) && view.self == AgentId{0}) {
                                 out.transfer({}, AgentId{1}, 1'000'000, parcel(12));
                               }
                             });
  const auto worked = run.of(EventKind::worked, 0);
  REQUIRE(worked.size() == 1);
  CHECK(worked[0].amount == 0);
  CHECK(worked[0].time == at(100ms));
  CHECK(run.of(EventKind::delivered, 1).empty());
}

TEST_CASE("a transfer over a link that goes off fails") {
  const Recording run = play(kPair + "outages: [ { link: host-1.link, at: 100ms, until: 200ms } ]\n",
                             [](const View& view, const Input& input, Outbox& out) {
                               if (std::holds_alternative<Start>(input) && view.self == AgentId{0}) {
                                 out.transfer({}, AgentId{1}, 1'000'000, parcel(12));
                               }
                             });
  const auto worked = run.of(EventKind::worked, 0);
  REQUIRE(worked.size() == 1);
  CHECK(worked[0].amount == 0);
  CHECK(run.of(EventKind::dropped, 1).at(0).amount == static_cast<std::uint64_t>(DropReason::link_off));
  CHECK(run.of(EventKind::delivered, 1).empty());
}

TEST_CASE("a step that its host does not survive has no effects") {
  const Recording run = play(
      "platform: { star: { hosts: 2 } }\n"
      "agents: [ { group: actor, count: 2, stack: [test_actor], handling: 10ms } ]\n"
      "outages: [ { host: host-0, at: 5ms } ]\n",
      [](const View& view, const Input& input, Outbox& out) {
        if (std::holds_alternative<Start>(input)) out.broadcast(view.peers, parcel(12));
      });
  CHECK(run.of(EventKind::sent, 0).empty());
  CHECK(run.of(EventKind::sent, 1).size() == 1);
  CHECK(run.of(EventKind::dropped, 0).size() == 1);
}

TEST_CASE("half a link that is off cuts one direction") {
  const Recording run = play(kPair + "outages: [ { link: host-1.link_UP, at: 1ms, until: 1s } ]\n",
                             [](const View& view, const Input& input, Outbox& out) {
                               if (std::holds_alternative<Start>(input)) out.set_timer({}, 10ms);
                               if (std::holds_alternative<TimerFired>(input)) out.broadcast(view.peers, parcel(12));
                             });
  CHECK(run.of(EventKind::delivered, 1).size() == 1);
  CHECK(run.of(EventKind::delivered, 0).empty());
  CHECK(run.of(EventKind::dropped, 0).size() == 1);
}

TEST_CASE("a host that dies takes along what it has not sent yet") {
  const Recording run = play(kPair + "outages: [ { host: host-0, at: 2500us } ]\n",
                             [](const View& view, const Input& input, Outbox& out) {
                               if (!std::holds_alternative<Start>(input) || view.self != AgentId{0}) return;
                               for (std::uint32_t i = 0; i < 4; i++) out.send(AgentId{1}, parcel(1000, i));
                             });
  // Each takes 1 ms on the link of host 0: two are out by 2.5 ms.
  CHECK(numbers(run.of(EventKind::delivered, 1)) == std::vector<std::uint64_t>{0, 1});
  CHECK(numbers(run.of(EventKind::dropped, 1)) == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("an agent that lost messages before its host came on still starts") {
  const Recording run = play(kPair + "outages: [ { host: host-1, at: 0s, until: 15ms } ]\n", send_five);
  CHECK(run.of(EventKind::dropped, 1).size() == 2);
  CHECK(run.of(EventKind::started, 1).at(0).time == at(15ms));
  CHECK(run.of(EventKind::restarted, 1).empty());
}

TEST_CASE("a flow over a link that is off is lost at once") {
  const Recording run = play(kPair + "outages: [ { link: host-1.link, at: 1ms, until: 2s } ]\n",
                             [](const View& view, const Input& input, Outbox& out) {
                               if (starts_at_0(view, input)) out.set_timer({}, 10ms);
                               if (std::holds_alternative<TimerFired>(input))
                                 out.transfer({}, AgentId{1}, 1000, parcel(12));
                             });
  REQUIRE(run.of(EventKind::worked, 0).size() == 1);
  CHECK(run.of(EventKind::worked, 0)[0].amount == 0);
  CHECK(run.of(EventKind::dropped, 1).size() == 1);
}
