// Delivery layers in their details: states of tokens, reasons for giving up, classes of violations, bounds, restarts,
// and how many messages go out. Each by a script on a network that the test describes.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <functional>
#include <set>
#include <string>

#include "core/delivery_events.hpp"
#include "core/delivery_messages.hpp"
#include "lab/rehearsal.hpp"
#include "scenario/load.hpp"

namespace conclave {
namespace {

using lab::Letter;
using lab::Rehearsal;
using std::chrono::milliseconds;

std::uint64_t sent(const Rehearsal& rehearsal, std::string_view kind) {
  const auto found = rehearsal.sent().find(kind);
  return found == rehearsal.sent().end() ? 0 : found->second;
}

std::size_t violations(const Rehearsal& rehearsal, std::string_view kind) {
  std::size_t count = 0;
  for (const Event& event : rehearsal.emitted<SequenceViolation>())
    count += event.record->as<SequenceViolation>()->kind == kind;
  return count;
}

/// Two agents, of which the first writes to the second; `arrives` says how long a letter takes, or nothing if it is
/// lost.
struct Pair {
  using Arrives = std::function<std::vector<Duration>(const Letter&)>;
  Pair(const std::string& layers, Arrives arrives, const std::string& traffic = "traffic{to=b}", std::uint64_t seed = 1)
      : rehearsal(seed) {
    rehearsal.set_network([arrives](const Letter& letter, Random&) { return arrives(letter); });
    a = rehearsal.add("a", 1, layers + ", " + traffic)[0];
    b = rehearsal.add("b", 1, layers + ", traffic{to=a}")[0];
    rehearsal.start();
  }
  void run(Duration time) { rehearsal.run_until(rehearsal.now() + time); }
  void write(int count = 1) {
    for (int i = 0; i < count; i++) rehearsal.request(a);
  }
  std::vector<std::uint64_t> received() const {
    std::vector<std::uint64_t> numbers;
    for (const Event& event : rehearsal.emitted<MessageReceived>())
      numbers.push_back(event.record->as<MessageReceived>()->message.number);
    return numbers;
  }
  std::vector<std::string> states() const {
    std::vector<std::string> all;
    for (const Event& event : rehearsal.emitted<MessageSettled>())
      all.push_back(event.record->as<MessageSettled>()->state);
    return all;
  }
  Rehearsal rehearsal;
  AgentId a{}, b{};
};

const std::vector<Duration> kLost;
const std::vector<Duration> kSoon{milliseconds(1)};

Pair::Arrives always() {
  return [](const Letter&) { return kSoon; };
}

using Numbers = std::vector<std::uint64_t>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("delivery: on a good network each message costs itself and its acknowledgement") {
  Pair pair("exactly_once{confirm=true}", always());
  pair.write(5);
  pair.run(std::chrono::seconds(5));
  CHECK(pair.received() == Numbers{1, 2, 3, 4, 5});
  CHECK(pair.states() == Texts(5, "delivered"));
  CHECK(sent(pair.rehearsal, "delivery_envelope") == 5);
  CHECK(sent(pair.rehearsal, "delivery_ack") == 5);
  CHECK(pair.rehearsal.emitted<Retransmitted>().empty());
}

TEST_CASE("delivery: a broadcast is one message as long as all its receivers are at one number") {
  Rehearsal rehearsal;
  std::size_t letters = 0;
  std::set<const Record*> bodies;
  rehearsal.on_delivery([&](const Letter& letter) {
    if (!letter.body.as<DeliveryEnvelope>()) return;
    letters++;
    bodies.insert(&letter.body);
  });
  const AgentRange peers = rehearsal.add("peer", 5, "exactly_once, traffic{pattern=all}");
  rehearsal.start();
  for (int i = 0; i < 3; i++) rehearsal.request(peers[0]);
  rehearsal.run_until(kStartOfRun + std::chrono::seconds(1));
  CHECK(letters == 12);
  CHECK(bodies.size() == 3);
}

TEST_CASE("delivery: a lost message is sent again, a lost acknowledgement makes a duplicate that is known again") {
  int envelopes = 0, acks = 0;
  const auto arrives = [&](const Letter& letter) {
    if (letter.body.as<DeliveryEnvelope>()) return ++envelopes == 1 ? kLost : kSoon;
    return ++acks == 1 ? kLost : kSoon;
  };
  Pair pair("exactly_once{timeout=100ms, jitter=none, confirm=true}", arrives);
  pair.write();
  pair.run(std::chrono::seconds(5));
  CHECK(envelopes == 3);  // lost, arrived, repeated because its acknowledgement was lost
  CHECK(pair.received() == Numbers{1});
  CHECK(violations(pair.rehearsal, "duplicate") == 1);
  CHECK(pair.states() == Texts{"delivered"});
  // At 0, 100 and 300 ms: the wait doubles.
  CHECK(pair.rehearsal.emitted<Retransmitted>().at(1).time == kStartOfRun + milliseconds(300));
  envelopes = acks = 0;
  Pair twice("at_least_once{timeout=100ms, jitter=none}", arrives);
  twice.write();
  twice.run(std::chrono::seconds(5));
  CHECK(twice.received() == Numbers{1, 1});
}

TEST_CASE("delivery: what is given up has a reason, and its sender is told") {
  struct Case {
    std::string options, state, reason;
    std::uint32_t attempts;
  };
  for (const Case& wanted : {Case{"attempts=3", "dead_lettered", "no answer to any attempt", 3},
                             Case{"deadline=250ms", "expired", "its deadline has passed", 2},
                             Case{"budget=0", "dead_lettered", "the retry budget is used up", 11}}) {
    CAPTURE(wanted.options);
    Pair pair(fmt::format("exactly_once{{timeout=100ms, cap=400ms, jitter=none, {}}}", wanted.options),
              [](const Letter&) { return kLost; });
    pair.write();
    pair.run(std::chrono::seconds(60));
    CHECK(pair.states() == Texts{wanted.state});
    const auto dead = pair.rehearsal.emitted<DeadLettered>();
    REQUIRE(dead.size() == 1);
    CHECK(dead[0].record->as<DeadLettered>()->reason == wanted.reason);
    CHECK(dead[0].record->as<DeadLettered>()->attempts == wanted.attempts);
  }
}

TEST_CASE("delivery: a full buffer gives up the newest, and the window bounds what is in flight") {
  Pair pair("exactly_once{timeout=1s, jitter=none, window=4, buffer=6, confirm=true}",
            [](const Letter& letter) { return letter.sent < kStartOfRun + milliseconds(500) ? kLost : kSoon; });
  pair.write(9);
  pair.run(milliseconds(100));
  CHECK(sent(pair.rehearsal, "delivery_envelope") == 4);
  CHECK(pair.states() == Texts(3, "dead_lettered"));
  pair.run(std::chrono::seconds(10));
  CHECK(pair.received() == Numbers{1, 2, 3, 4, 5, 6});
  CHECK(pair.rehearsal.verdict("bounded_buffers").holds);
  CHECK(!pair.rehearsal.verdict("bounded_buffers{most=5}").holds);
}

TEST_CASE("delivery: numbers that were given up do not stop those that come after") {
  // Twenty messages are lost for good, more than the window of the receiver holds.
  Pair pair("exactly_once{timeout=50ms, jitter=none, attempts=1, window=8}",
            [](const Letter& letter) { return letter.sent < kStartOfRun + milliseconds(500) ? kLost : kSoon; });
  pair.write(20);
  pair.run(std::chrono::seconds(1));
  CHECK(pair.states() == Texts(20, "dead_lettered"));
  pair.write(3);
  pair.run(std::chrono::seconds(1));
  CHECK(pair.received() == Numbers{21, 22, 23});
  CHECK(violations(pair.rehearsal, "beyond_window") == 0);
}

TEST_CASE("delivery: a sender that is off for a time goes on where it was") {
  Pair pair("exactly_once{timeout=100ms, confirm=true}",
            [](const Letter& letter) { return letter.sent < kStartOfRun + milliseconds(50) ? kLost : kSoon; });
  pair.write(3);
  pair.run(milliseconds(20));
  pair.rehearsal.restart(pair.a);
  pair.run(std::chrono::seconds(5));
  CHECK(pair.received().size() == 3);
  CHECK(pair.states() == Texts(3, "delivered"));
}

TEST_CASE("delivery: a sender without memory begins a new epoch, and what is of the old one is refused") {
  Rehearsal rehearsal;
  const AgentRange a = rehearsal.add("a", 1, "exactly_once{confirm=true}, traffic{to=b}");
  rehearsal.add("b", 1, "exactly_once, traffic{to=a}");
  rehearsal.misbehave(a[0], "crash_recover{at=100ms, until=200ms, state=lost}");
  RecordPtr old;
  rehearsal.set_network([&](const Letter& letter, Random&) {
    // The second message takes until after the crash.
    const auto* envelope = letter.body.as<DeliveryEnvelope>();
    return envelope && envelope->epoch == 0 && envelope->sequence == 2 ? std::vector<Duration>{milliseconds(500)}
                                                                       : kSoon;
  });
  rehearsal.start();
  rehearsal.request(a[0]);
  rehearsal.request(a[0]);
  rehearsal.run_until(kStartOfRun + milliseconds(300));
  for (int i = 0; i < 3; i++) rehearsal.request(a[0]);
  rehearsal.run_until(kStartOfRun + std::chrono::seconds(5));
  std::vector<std::string> received;
  for (const Event& event : rehearsal.emitted<MessageReceived>()) {
    const MessageName& name = event.record->as<MessageReceived>()->message;
    received.push_back(fmt::format("{}/{}", name.life / 1'000'000, name.number));
  }
  // A new life numbers from 1 again; without epochs these would pass for repetitions.
  CHECK(received == Texts{"0/1", "200/1", "200/2", "200/3"});
  CHECK(violations(rehearsal, "stale_epoch") == 1);
}

TEST_CASE("delivery: a receiver without memory is told where to go on") {
  Rehearsal rehearsal;
  const AgentRange a = rehearsal.add("a", 1, "exactly_once{timeout=50ms, window=8, confirm=true}, traffic{to=b}");
  const AgentRange b = rehearsal.add("b", 1, "exactly_once{window=8}, traffic{to=a}");
  rehearsal.misbehave(b[0], "crash_recover{at=1s, until=2s, state=lost}");
  rehearsal.start();
  for (int i = 0; i < 100; i++) {
    rehearsal.request(a[0]);
    rehearsal.run_until(rehearsal.now() + milliseconds(5));
  }
  rehearsal.run_until(kStartOfRun + milliseconds(2500));
  for (int i = 0; i < 10; i++) rehearsal.request(a[0]);
  rehearsal.run_until(kStartOfRun + std::chrono::seconds(20));
  // 100 is far beyond a window of eight numbers that begins with 1.
  CHECK(rehearsal.emitted<MessageReceived>().size() == 110);
  CHECK(rehearsal.verdict("no_duplication{faulty=true}").holds);
}

TEST_CASE("delivery: tokens can be asked for") {
  Pair pair(
      "exactly_once{timeout=100ms, attempts=2, jitter=none, remember=8}",
      [](const Letter& letter) {
        const auto* envelope = letter.body.as<DeliveryEnvelope>();
        return envelope && envelope->sequence == 2 ? kLost : kSoon;
      },
      "test_asker");
  pair.write(3);
  pair.run(milliseconds(50));
  CHECK(pair.rehearsal.emitted<DeliveryState>().size() == 0);
  const auto ask = [&] {
    const std::size_t before = pair.rehearsal.emitted<DeliveryState>().size();
    pair.rehearsal.restart(pair.a);  // it asks for all its tokens when it restarts
    std::vector<std::string> states;
    const auto all = pair.rehearsal.emitted<DeliveryState>();
    for (std::size_t i = before; i < all.size(); i++) states.push_back(all[i].record->as<DeliveryState>()->state);
    return states;
  };
  CHECK(ask() == Texts{"delivered", "in_flight", "delivered", "unknown"});
  pair.run(std::chrono::seconds(5));
  CHECK(ask() == Texts{"delivered", "dead_lettered", "delivered", "unknown"});
}

TEST_CASE("delivery: nobody is believed who acknowledges what it was never sent") {
  // A third party, and the receiver itself about numbers and attempts that never were.
  Rehearsal rehearsal;
  rehearsal.set_network(
      [](const Letter& letter, Random&) { return letter.body.as<DeliveryEnvelope>() ? kLost : kSoon; });
  const AgentRange a = rehearsal.add("a", 1, "exactly_once{timeout=1s, confirm=true}, traffic{to=b}");
  rehearsal.add("b", 1, "test_acker");
  rehearsal.add("c", 1, "test_acker");
  rehearsal.start();
  rehearsal.request(a[0]);
  rehearsal.run_until(kStartOfRun + milliseconds(500));
  CHECK(rehearsal.emitted<MessageSettled>().empty());
  CHECK(rehearsal.emitted<DeliveryRefused>().size() == 6);
}

TEST_CASE("fifo: what comes too early is held at its position and drains") {
  int envelopes = 0;
  Pair pair("fifo{patience=100ms}", [&](const Letter& letter) {
    return letter.body.as<SequencedEnvelope>() && ++envelopes == 2 ? std::vector<Duration>{milliseconds(50)} : kSoon;
  });
  pair.write(5);
  pair.run(std::chrono::seconds(2));
  CHECK(pair.received() == Numbers{1, 2, 3, 4, 5});
  const auto held = pair.rehearsal.emitted<MessageHeld>();
  REQUIRE(held.size() == 3);
  for (std::uint64_t i = 0; i < 3; i++) {
    const auto& event = *held[i].record->as<MessageHeld>();
    CHECK(event.expected == 2);
    CHECK(event.received == 3 + i);
    CHECK(event.position == 1 + i);
  }
  const auto drained = pair.rehearsal.emitted<MessagesDrained>();
  REQUIRE(drained.size() == 1);
  CHECK(drained[0].record->as<MessagesDrained>()->count == 3);
  CHECK(drained[0].record->as<MessagesDrained>()->waited == 3 * milliseconds(49));
  CHECK(sent(pair.rehearsal, "sequenced_nak") == 0);
}

TEST_CASE("fifo: a gap is asked for, and passed over when nobody can fill it") {
  int second = 0;
  const auto lose = [&](int times) {
    return [&second, times](const Letter& letter) {
      const auto* envelope = letter.body.as<SequencedEnvelope>();
      return envelope && envelope->sequence == 2 && ++second <= times ? kLost : kSoon;
    };
  };
  Pair once("fifo{patience=100ms}", lose(1));
  once.write(4);
  once.run(std::chrono::seconds(5));
  CHECK(once.received() == Numbers{1, 2, 3, 4});
  CHECK(sent(once.rehearsal, "sequenced_nak") == 1);
  second = 0;
  Pair always_lost("fifo{patience=100ms, naks=3}", lose(1000));
  always_lost.write(4);
  always_lost.run(std::chrono::seconds(5));
  CHECK(always_lost.received() == Numbers{1, 3, 4});
  CHECK(sent(always_lost.rehearsal, "sequenced_nak") == 3);
  CHECK(always_lost.rehearsal.emitted<GapSkipped>().at(0).record->as<GapSkipped>()->reason == "nobody answers");
  second = 0;
  Pair forgotten("fifo{patience=100ms, history=1}", lose(1));
  forgotten.write(4);
  forgotten.run(std::chrono::seconds(5));
  CHECK(forgotten.received() == Numbers{1, 3, 4});
  CHECK(forgotten.rehearsal.emitted<GapSkipped>().at(0).record->as<GapSkipped>()->reason ==
        "its sender has given it up");
  second = 0;
  Pair naive("fifo{naks=0}", lose(1));
  naive.write(4);
  naive.run(std::chrono::seconds(100));
  CHECK(naive.received() == Numbers{1});  // everything behind the gap waits for ever
}

TEST_CASE("fifo: a message that its reliable layer has given up is not sent again, and holds up nothing") {
  Pair pair("exactly_once{timeout=50ms, attempts=2, jitter=none, confirm=true}, fifo{patience=20ms}",
            [](const Letter& letter) {
              const auto* envelope = letter.body.as<DeliveryEnvelope>();
              const auto* inner = envelope ? envelope->body->as<SequencedEnvelope>() : nullptr;
              return inner && inner->sequence == 2 ? kLost : kSoon;
            });
  pair.write(4);
  pair.run(std::chrono::seconds(5));
  CHECK(pair.received() == Numbers{1, 3, 4});
  CHECK(pair.rehearsal.verdict("sender_belief{within=1s}").holds);
  CHECK(pair.rehearsal.verdict("conservation{within=1s}").holds);
}

TEST_CASE("fifo: what is against the numbering has a class") {
  // 2 is passed over and comes late; 1 comes twice; 3 comes with two contents while it is held.
  Pair pair("fifo{patience=100ms, naks=1, history=8}", [](const Letter& letter) {
    const auto* envelope = letter.body.as<SequencedEnvelope>();
    if (!envelope) return letter.body.as<SequencedNak>() ? kLost : kSoon;
    if (envelope->sequence == 1) return std::vector<Duration>{milliseconds(1), milliseconds(2)};
    return envelope->sequence == 2 ? std::vector<Duration>{std::chrono::seconds(2)} : kSoon;
  });
  pair.write(3);
  pair.run(std::chrono::seconds(5));
  CHECK(pair.received() == Numbers{1, 3});
  CHECK(violations(pair.rehearsal, "duplicate") == 1);
  CHECK(violations(pair.rehearsal, "regression") == 1);
}

TEST_CASE("causal: the direct message of a triangle is not overtaken") {
  // a -> c takes long, a -> b -> c does not: four messages are enough.
  for (const bool causal : {false, true}) {
    Rehearsal rehearsal;
    rehearsal.set_network([](const Letter& letter, Random&) {
      return std::vector<Duration>{index(letter.from) == 0 && index(letter.to) == 2 ? milliseconds(100)
                                                                                    : milliseconds(1)};
    });
    const AgentRange peers = rehearsal.add(
        "peer", 3, std::string("exactly_once{timeout=1s}, ") + (causal ? "causal, " : "fifo, ") + "traffic");
    rehearsal.start();
    for (int i = 0; i < 3; i++) rehearsal.request(peers[0]);  // to peer[1], to peer[2], to peer[1]
    rehearsal.run_until(kStartOfRun + milliseconds(10));
    rehearsal.request(peers[1]);  // to peer[2]
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(1));
    CHECK(rehearsal.verdict("fifo_order").holds);
    CHECK(rehearsal.verdict("causal_order").holds == causal);
    CHECK(rehearsal.emitted<MessageReceived>().size() == 4);
  }
}

TEST_CASE("layers: scenarios name them with their options, in order, and strangers are refused") {
  const auto load = [](const std::string& stack, const std::string& options) {
    return load_scenario_text(
        "seed: 1\nplatform: { star: { hosts: 2 } }\nagents:\n  - { group: peer, count: 2, stack: " + stack + options +
            " }\nstop_at: 1s\n",
        "layers.yaml");
  };
  const Loaded good = load("[exactly_once, causal, traffic]", ", exactly_once: { attempts: 7 }, causal: { buffer: 9 }");
  REQUIRE_MESSAGE(good.scenario.has_value(), good.errors);
  REQUIRE(good.scenario->groups[0].layers.size() == 2);
  CHECK(good.scenario->groups[0].layers[0].name == "exactly_once");
  CHECK(good.scenario->groups[0].layers[0].options.find("attempts")->text == "7");
  CHECK(good.scenario->groups[0].layers[1].options.find("buffer")->text == "9");
  const auto refuses = [&](const std::string& stack, const std::string& options, const std::string& why) {
    const Loaded bad = load(stack, options);
    CHECK(!bad.scenario.has_value());
    CHECK_MESSAGE(bad.errors.find(why) != std::string::npos, bad.errors);
  };
  refuses("[exactly_onec, traffic]", "", "did you mean `exactly_once`?");
  refuses("[exactly_once, strict, traffic]", "", "unknown layer `strict`");
  refuses("[exactly_once]", "", "the stack ends with the layer `exactly_once`");
  refuses("[exactly_once, traffic]", ", exactly_once: { attempts: 0 }", "out of range");
  refuses("[exactly_once, traffic]", ", exactly_once: { jitter: some }", "unknown choice");
  refuses("[exactly_once, traffic]", ", causal: { buffer: 1 }", "not in the stack");
  refuses("[sequencer, traffic]", ", sequencer: { rank: 2 }", "no member of rank 2");
  refuses("[traffic]", ", traffic: { to: per }", "there is no group `per`");
}

}  // namespace conclave
