// Agents: handling cost, timers, computations, transfers.

#include <doctest/doctest.h>

#include "engine/stage.hpp"

using namespace conclave;
using namespace conclave::stage;
using namespace std::chrono_literals;

namespace {

const std::string kThree =
    "platform: { star: { hosts: 3, latency: 500us, bandwidth: 8Mbps } }\nnetwork: { header: 0B }\n"
    "agents: [ { group: actor, count: 3, stack: [test_actor], handling: 300us } ]\n";

struct SignedParcel : RecordOf<SignedParcel> {
  static constexpr std::string_view kName = "signed_parcel";
  Signature signature;
  static void fields(auto& self, auto& field) { field("signature", self.signature); }
};

Time at(Duration since_start) {
  return kStartOfRun + since_start;
}

bool starts(const Input& input, const View& view, std::uint32_t self) {
  return std::holds_alternative<Start>(input) && index(view.self) == self;
}

}  // namespace

TEST_CASE("an input takes its handling time what it causes comes after and what arrives meanwhile waits") {
  const Recording run = play(kThree, [](const View& view, const Input& input, Outbox& out) {
    if (std::holds_alternative<Start>(input) && index(view.self) > 0) out.send(AgentId{0}, parcel(100));
    if (std::holds_alternative<Message>(input)) out.emit(Parcel{.label = index(std::get<Message>(input).from)});
  });
  const auto delivered = run.of(EventKind::delivered, 0);
  const auto emitted = run.of(EventKind::emitted, 0);
  REQUIRE(delivered.size() == 2);
  // Start takes 300 us, then 1 ms and 100 us of wire; the second comes through the link 100 us later.
  CHECK(delivered[0].time == at(1400us));
  CHECK(emitted[0].time == at(1700us));
  CHECK(delivered[1].time == at(1700us));  // ready at 1500 us, but its agent was busy
  CHECK(delivered[1].amount == static_cast<std::uint64_t>(Duration(1400us).count()));
  CHECK(emitted[1].time == at(2000us));
}

TEST_CASE("signing and verifying take the time that the scenario declares") {
  const Recording run = play(
      "platform: { star: { hosts: 2, latency: 500us, bandwidth: 1Tbps } }\nnetwork: { header: 0B }\n"
      "crypto: { signatures: modelled, sign: 20us, verify: 50us }\n"
      "agents: [ { group: actor, count: 2, stack: [test_actor], handling: 1us } ]\n",
      [](const View& view, const Input& input, Outbox& out) {
        if (starts(input, view, 0)) out.send(AgentId{1}, view.crypto.sign(SignedParcel{}));
        if (const auto* message = std::get_if<Message>(&input)) {
          CHECK(view.crypto.verify(*message->body->as<SignedParcel>(), message->from));
          out.emit(Parcel{});
        }
      });
  // 1 us to handle the start, 20 to sign, 1 ms of latency and one nanosecond for 72 bytes at 1 Tbit/s.
  CHECK(run.of(EventKind::delivered, 1).at(0).time == at(1021us + 1ns));
  CHECK(run.of(EventKind::emitted, 1).at(0).time == at(1021us + 1ns + 51us));
}

TEST_CASE("setting a pending timer replaces it cancelling removes it") {
  constexpr TimerKey kEarlier{.name = 1}, kLater{.name = 2}, kCancelled{.name = 3}, kAgain{.name = 4};
  const Recording run = play(kThree, [&](const View& view, const Input& input, Outbox& out) {
    if (!starts(input, view, 0)) return;
    out.set_timer(kEarlier, 9ms), out.set_timer(kEarlier, 5ms);
    out.set_timer(kLater, 2ms), out.set_timer(kLater, 7ms);
    out.set_timer(kCancelled, 3ms), out.cancel_timer(kCancelled);
    out.set_timer(kAgain, 3ms), out.cancel_timer(kAgain), out.set_timer(kAgain, 4ms);
  });
  std::vector<std::pair<std::uint64_t, Time>> fired;
  for (const Event& event : run.of(EventKind::timer, 0)) fired.emplace_back(event.amount, event.time);
  // Handling the start took 300 us: timers count from when their effect took place, and one at a time is handled.
  CHECK(fired == std::vector<std::pair<std::uint64_t, Time>>{{4, at(4300us)}, {1, at(5300us)}, {2, at(7300us)}});
}

TEST_CASE("a timer that its agent cancels while it waits for the agent does not fire") {
  const Recording run = play(
      "platform: { star: { hosts: 2, latency: 500us, bandwidth: 1Tbps } }\nnetwork: { header: 0B }\n"
      "agents: [ { group: actor, count: 2, stack: [test_actor], handling: 1ms } ]\n",
      [](const View& view, const Input& input, Outbox& out) {
        if (starts(input, view, 0)) out.set_timer({.name = 1}, 1500us);  // due at 2.5 ms
        if (starts(input, view, 1)) out.send(AgentId{0}, parcel(12));    // arrives at 2 ms, handled until 3 ms
        if (std::holds_alternative<Message>(input)) out.cancel_timer({.name = 1});
      });
  CHECK(run.of(EventKind::delivered, 0).size() == 1);
  CHECK(run.of(EventKind::timer, 0).empty());
}

TEST_CASE("the workload asks each agent of its group as often as it says") {
  const Recording run = play(
      "platform: { star: { hosts: 2 } }\n"
      "agents: [ { group: actor, count: 2, stack: [test_actor], workload: { requests: 3, every: 10ms, start: 5ms } } "
      "]\n",
      [](const View&, const Input&, Outbox&) {});
  for (const std::uint32_t agent : {0u, 1u}) {
    const auto requested = run.of(EventKind::requested, agent);
    REQUIRE(requested.size() == 3);
    for (std::uint32_t i = 0; i < 3; i++) {
      CHECK(requested[i].time == at(5ms + i * 10ms));
      CHECK(requested[i].message == i + 1);
    }
  }
}

namespace {

Recording compute_on_one_host(const std::string& cores) {
  return play("platform: { star: { hosts: 1, speed: 1Gf, cores: " + cores + " } }\n" +
                  "agents: [ { group: actor, count: 2, stack: [test_actor] } ]\n",
              [](const View&, const Input& input, Outbox& out) {
                if (std::holds_alternative<Start>(input)) out.compute({.name = 5, .id = 6}, 1'000'000'000);
              });
}

}  // namespace

TEST_CASE("agents of one host share its core") {
  const Recording run = compute_on_one_host("1");
  for (const std::uint32_t agent : {0u, 1u}) {
    const auto worked = run.of(EventKind::worked, agent);
    REQUIRE(worked.size() == 1);
    CHECK(worked[0].time == at(2s));
    CHECK(worked[0].amount == 1);
    CHECK(worked[0].message == 6);
  }
}

TEST_CASE("two cores do two computations at once") {
  const Recording run = compute_on_one_host("2");
  for (const std::uint32_t agent : {0u, 1u}) CHECK(run.of(EventKind::worked, agent).at(0).time == at(1s));
}

TEST_CASE("messages go on while SimGrid computes and a completion is an input like any other") {
  const Recording run = play(
      "platform: { star: { hosts: 2, latency: 500us, bandwidth: 1Tbps, speed: 1Gf } }\nnetwork: { header: 0B }\n"
      "agents: [ { group: actor, count: 2, stack: [test_actor] } ]\n",
      [](const View& view, const Input& input, Outbox& out) {
        if (starts(input, view, 0)) out.compute({}, 10'000'000);  // 10 ms
        if (starts(input, view, 1)) out.set_timer({}, 3ms);
        if (std::holds_alternative<TimerFired>(input)) out.send(AgentId{0}, parcel(12));
        if (std::holds_alternative<WorkFinished>(input)) out.send(AgentId{1}, parcel(12));
      });
  CHECK(run.of(EventKind::delivered, 0).at(0).time == at(4ms));
  CHECK(run.of(EventKind::worked, 0).at(0).time == at(10ms));
  CHECK(run.of(EventKind::delivered, 1).at(0).time == at(11ms));
}

TEST_CASE("transfers share links fairly and receiver and sender hear of the end") {
  const Recording run = play(
      "platform: { star: { hosts: 3, latency: 500us, bandwidth: 8Mbps } }\nnetwork: { header: 0B }\n"
      "agents: [ { group: actor, count: 3, stack: [test_actor] } ]\n",
      [](const View& view, const Input& input, Outbox& out) {
        if (!std::holds_alternative<Start>(input) || view.self == AgentId{2}) return;
        out.transfer({.name = 1}, AgentId{2}, 1'000'000, parcel(12, index(view.self)));
      });
  // Two transfers of 1 MB share the receiver's 1 MB/s: both take 2 s and the latency.
  const auto delivered = run.of(EventKind::delivered, 2);
  REQUIRE(delivered.size() == 2);
  for (const Event& event : delivered) CHECK(std::chrono::abs(event.time - at(2s + 1ms)) <= 1us);
  for (const std::uint32_t sender : {0u, 1u}) {
    const auto worked = run.of(EventKind::worked, sender);
    REQUIRE(worked.size() == 1);
    CHECK(worked[0].amount == 1);
  }
}

TEST_CASE("a run that is told to stop stops and says so") {
  const Recording run = play(
      kThree, [](const View&, const Input&, Outbox& out) { out.set_timer({}, 1us); },
      [](Time now) { return now > kStartOfRun + 10ms; });
  CHECK(run.result.end.interrupted);
  CHECK(run.result.end.at > kStartOfRun + 10ms);
  CHECK(run.result.end.at < kStartOfRun + 20s);
}

TEST_CASE("a timer beyond the end of time does not fire and one in the past fires at once") {
  const Recording run = play(kThree, [](const View& view, const Input& input, Outbox& out) {
    if (!starts(input, view, 0)) return;
    out.set_timer({.name = 1}, Duration::max());
    out.set_timer({.name = 2}, Duration(-5));
  });
  const auto fired = run.of(EventKind::timer, 0);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].amount == 2);
  CHECK(fired[0].time == at(300us));
}

TEST_CASE("a broadcast in a group of one reaches nobody") {
  const Recording run =
      play("platform: { star: { hosts: 1 } }\nagents: [ { group: actor, count: 1, stack: [test_actor] } ]\n",
           [](const View& view, const Input& input, Outbox& out) {
             if (std::holds_alternative<Start>(input)) out.broadcast(view.peers, parcel(12));
           });
  CHECK(run.of(EventKind::sent, 0).empty());
  CHECK(run.of(EventKind::delivered, 0).empty());
}

TEST_CASE("nothing happens after stop_at") {
  const Recording run = play(
      "platform: { star: { hosts: 2 } }\nstop_at: 5ms\n"
      "agents: [ { group: actor, count: 2, stack: [test_actor], handling: 7ms } ]\n",
      [](const View& view, const Input&, Outbox& out) { out.broadcast(view.peers, parcel(12)); });
  CHECK(run.of(EventKind::started, 0).size() == 1);
  CHECK(run.of(EventKind::sent, 0).empty());
}
