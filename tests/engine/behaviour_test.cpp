// Behaviours under the timed engine: what they cost in time, and what comes over the wire.

#include <doctest/doctest.h>

#include "core/fault_events.hpp"
#include "core/raw_bytes.hpp"
#include "engine/stage.hpp"

using namespace conclave;
using namespace conclave::stage;
using namespace std::chrono_literals;

namespace {

std::string two(const std::string& fault, const std::string& more = "") {
  return "platform: { star: { hosts: 2, latency: 500us, bandwidth: 8Mbps } }\nnetwork: { header: 0B }\n"
         "agents: [ { group: actor, count: 2, stack: [test_actor], handling: 100us } ]\n"
         "faults: [ " +
         fault + " ]\n" + more;
}

Time at(Duration since_start) {
  return kStartOfRun + since_start;
}

bool starts(const Input& input, const View& view, std::uint32_t self) {
  return std::holds_alternative<Start>(input) && index(view.self) == self;
}

std::vector<Event> faults_of(const Recording& run, std::uint32_t agent) {
  std::vector<Event> found;
  for (const Event& event : run.of(EventKind::emitted, agent))
    if (event.record->as<FaultInjected>()) found.push_back(event);
  return found;
}

}  // namespace

TEST_CASE("a slow agent takes exactly so much longer and what comes meanwhile waits") {
  const Recording run = play(two("{ behaviour: slow, agents: \"actor[1]\", by: 5ms, kinds: [parcel] }"),
                             [](const View& view, const Input& input, Outbox& out) {
                               if (starts(input, view, 0))
                                 out.send(AgentId{1}, parcel(100)), out.send(AgentId{1}, parcel(100));
                               if (std::holds_alternative<Message>(input)) out.emit(Parcel{});
                             });
  const auto delivered = run.of(EventKind::delivered, 1);
  REQUIRE(delivered.size() == 2);
  // 100 us to handle the start, 1 ms and 100 us of wire; then 100 us and 5 ms for each message.
  CHECK(delivered[0].time == at(1200us));
  CHECK(delivered[1].time == at(6300us));
  const auto emitted = run.of(EventKind::emitted, 1);
  REQUIRE(emitted.size() == 4);  // each says first that it was slowed
  CHECK(emitted[1].time == at(6300us));
  CHECK(emitted[3].time == at(11400us));
}

TEST_CASE("a delayed message leaves by a timer that counts from the end of its step") {
  const Recording run = play(two("{ behaviour: delay, agents: \"actor[0]\", by: 7ms }"),
                             [](const View& view, const Input& input, Outbox& out) {
                               if (starts(input, view, 0)) out.send(AgentId{1}, parcel(100));
                             });
  REQUIRE(run.of(EventKind::sent, 0).size() == 1);
  CHECK(run.of(EventKind::sent, 0)[0].time == at(100us + 7ms + 100us));
  CHECK(run.of(EventKind::delivered, 1).size() == 1);
}

TEST_CASE("corrupted bytes are undecodable or arrive altered on the wire they are no larger") {
  constexpr std::uint32_t kMessages = 1000;
  std::uint64_t altered = 0;
  const Recording run = play(two("{ behaviour: corrupt_bytes, agents: \"actor[0]\" }"),
                             [&](const View& view, const Input& input, Outbox& out) {
                               if (starts(input, view, 0))
                                 for (std::uint32_t i = 0; i < kMessages; i++) out.send(AgentId{1}, parcel(100, i));
                               if (const auto* message = std::get_if<Message>(&input)) {
                                 REQUIRE(message->body->as<Parcel>());
                                 altered++;
                               }
                             });
  for (const Event& event : run.of(EventKind::sent, 0)) CHECK(event.amount == 100);
  const auto dropped = run.of(EventKind::dropped, 1);
  // A parcel is 32 bits of kind, 32 of label, 32 of size: a third of the flips hit the kind.
  CHECK(std::abs(static_cast<double>(dropped.size()) - kMessages / 3.0) < 5 * 14.9);
  for (const Event& event : dropped) CHECK(event.amount == static_cast<std::uint64_t>(DropReason::undecodable));
  CHECK(altered == kMessages - dropped.size());
  CHECK(run.result.metrics.messages_dropped[static_cast<std::size_t>(DropReason::undecodable)] == dropped.size());
  CHECK(faults_of(run, 0).size() == kMessages);
}

TEST_CASE("a crash stops the agent for good") {
  const Recording run = play(two("{ behaviour: crash, agents: \"actor[1]\", at: 35ms }", "stop_at: 1s\n"),
                             [](const View& view, const Input& input, Outbox& out) {
                               if (index(view.self) == 0 || std::holds_alternative<Message>(input)) return;
                               out.send(AgentId{0}, parcel(100));
                               out.set_timer({.name = 1}, 10ms);
                             });
  CHECK(run.of(EventKind::sent, 1).size() == 4);  // about 0, 10, 20 and 30 ms
  REQUIRE(faults_of(run, 1).size() == 1);
  CHECK(faults_of(run, 1)[0].time == at(35ms + 200us));  // its alarm is set and handled in 100 us each
}

TEST_CASE("after a crash with its state lost only the new instance's timers fire") {
  const Recording run = play(
      two("{ behaviour: crash_recover, agents: \"actor[1]\", at: 35ms, until: 38ms, state: lost }", "stop_at: 65ms\n"),
      [](const View& view, const Input& input, Outbox& out) {
        if (index(view.self) == 0) return;
        if (std::holds_alternative<Message>(input)) return;
        if (std::holds_alternative<Start>(input)) out.emit(Parcel{});
        out.send(AgentId{0}, parcel(100));
        out.set_timer({.name = 1}, 10ms);
      });
  std::vector<Time> sent;
  for (const Event& event : run.of(EventKind::sent, 1)) sent.push_back(event.time);
  // Each period is 10 ms and 100 us of handling. The fourth timer, due at 40 ms, is gone; at 38 ms all begins anew.
  CHECK(sent ==
        std::vector<Time>{at(100us), at(10200us), at(20300us), at(30400us), at(38200us), at(48300us), at(58400us)});
}
