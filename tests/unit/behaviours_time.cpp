// Behaviours of time: silence, crashes, slowness and delay.

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "unit/behaviour_bench.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;

constexpr TimerKey kInnerTimer{.name = 7};

/// Broadcasts its step count on every input, and sets a timer at the start.
void talk(const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
  if (std::holds_alternative<Start>(input)) out.set_timer(kInnerTimer, 10s);
  BenchNote note;
  note.number = steps;
  out.broadcast(view.peers, share(note));
}

std::uint64_t said(const BehaviourBench& bench) {
  REQUIRE(bench.sends().size() == 1);
  return bench.sends()[0].body->as<BenchNote>()->number;
}

}  // namespace

TEST_CASE("silent: withholds within its window, one event a send, and hears on") {
  BehaviourBench bench("silent", "{ from: 1s, until: 2s }", talk);
  bench.step(0s, Start{});
  CHECK(said(bench) == 1);
  for (const Duration now : {Duration(1s), Duration(2s) - 1ns}) {
    bench.step(now, Request{1, 0});
    CHECK(bench.sends().empty());
    REQUIRE(bench.faults().size() == 1);
    CHECK(bench.faults()[0].what == "withheld");
    CHECK(bench.faults()[0].message == "bench_note");
    CHECK(bench.faults()[0].count == 9);
  }
  bench.step(2s, Request{1, 0});
  CHECK(said(bench) == 4);  // it has counted what it did not answer
  CHECK(bench.faults().empty());
}

TEST_CASE("crash: nothing after it, timers included, and one event") {
  BehaviourBench bench("crash", "{ at: 1s }", talk);
  bench.step(100ms, Start{});
  CHECK(said(bench) == 1);
  REQUIRE(bench.timers().size() == 2);
  CHECK(bench.timers()[0].key.layer == 1);
  CHECK(bench.timers()[0].after == Duration(900ms));
  bench.step(Duration(1s) - 1ns, Request{1, 0});
  CHECK(said(bench) == 2);
  bench.step(1s, Request{2, 0});
  CHECK(bench.sends().empty());
  REQUIRE(bench.faults().size() == 1);
  CHECK(bench.faults()[0].what == "crashed");
  for (const Input& input : {Input(TimerFired{kInnerTimer}), Input(TimerFired{{.name = 0, .layer = 1}}),
                             Input(Restarted{}), Input(Request{3, 0})}) {
    bench.step(11s, input);
    CHECK(bench.sends().empty());
    CHECK(bench.faults().empty());
  }
}

TEST_CASE("crash_recover: down for its time, then the same instance with state kept, another with state lost") {
  for (const bool kept : {true, false}) {
    CAPTURE(kept);
    std::string last;
    BehaviourBench bench("crash_recover", std::string("{ at: 1s, until: 2s, state: ") + (kept ? "kept }" : "lost }"),
                         [&](const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
                           if (std::holds_alternative<Start>(input)) last = "start";
                           if (std::holds_alternative<Restarted>(input)) last = "restarted";
                           talk(view, input, steps, out);
                         });
    bench.step(0s, Start{});
    REQUIRE(bench.timers().size() == 3);  // two alarms of its own, and the protocol's
    const TimerKey crash = bench.timers()[0].key, back = bench.timers()[1].key;
    bench.step(500ms, Request{1, 0});
    CHECK(said(bench) == 2);
    bench.step(1s, TimerFired{crash});
    CHECK(bench.cancelled() == std::vector<TimerKey>{kInnerTimer});
    CHECK(bench.faults().size() == 1);
    bench.step(1500ms, Request{2, 0});
    CHECK(bench.sends().empty());
    bench.step(2s, TimerFired{back});
    CHECK(bench.faults().size() == 1);
    CHECK(said(bench) == (kept ? 3 : 1));
    CHECK(last == (kept ? "restarted" : "start"));
    bench.step(3s, Request{3, 0});
    CHECK(said(bench) == (kept ? 4 : 2));
  }
}

TEST_CASE("crash_recover: work that was pending is not heard of, work begun afterwards is") {
  constexpr WorkKey kWork{.name = 1};
  BehaviourBench bench("crash_recover", "{ at: 1s, until: 2s }",
                       [&](const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
                         if (std::holds_alternative<WorkFinished>(input)) return talk(view, input, steps, out);
                         out.compute(kWork, 1000);
                       });
  bench.step(0s, Start{});
  bench.step(1s, Request{1, 0});
  bench.step(2s, Request{2, 0});  // back, and begins anew
  bench.step(3s, WorkFinished{kWork, true});
  CHECK(bench.sends().empty());
  bench.step(4s, WorkFinished{kWork, true});
  CHECK(bench.sends().size() == 1);
}

TEST_CASE("crash_recover: a host that is off in between changes nothing of when it is back") {
  BehaviourBench bench("crash_recover", "{ at: 1s, until: 3s, state: kept }", talk);
  bench.step(0s, Start{});
  bench.step(2s, Restarted{});  // the host was off from before 1s
  CHECK(bench.sends().empty());
  REQUIRE(bench.timers().size() == 1);  // of the two alarms one is still to come
  bench.step(3s, TimerFired{bench.timers()[0].key});
  CHECK(said(bench) == 2);
  bench.step(4s, Restarted{});
  CHECK(said(bench) == 3);
  CHECK(bench.timers().empty());
}

TEST_CASE("slow: exactly so much more an input, only of the kinds that it names") {
  BehaviourBench bench("slow", "{ by: 5ms, from: 1s }", talk);
  bench.step(0s, Start{});
  CHECK(bench.spent() == Duration(0));
  bench.step(1s, Request{1, 0});
  CHECK(bench.spent() == Duration(5ms));
  CHECK(bench.faults().size() == 1);
  BehaviourBench choosy("slow", "{ by: 5ms, kinds: [bench_vote] }", talk);
  choosy.step(0s, Start{});
  CHECK(choosy.spent() == Duration(0));
  choosy.receive(0s, AgentId{1}, share(BenchNote{}));
  CHECK(choosy.spent() == Duration(0));
  choosy.receive(0s, AgentId{1}, share(BenchVote{}));
  CHECK(choosy.spent() == Duration(5ms));
}

TEST_CASE("slow: a probability of 1 % is a hundredth of the inputs") {
  constexpr int kInputs = 100'000;
  BehaviourBench bench("slow", "{ by: 1ms, probability: 1% }", talk);
  int slowed = 0;
  for (int i = 0; i < kInputs; i++) bench.step(0s, Request{1, 0}), slowed += bench.spent() == Duration(1ms);
  CHECK(std::abs(slowed - 0.01 * kInputs) < five_sigma(kInputs, 0.01));
  CHECK(bench.drawn() == 0);  // what the protocol draws is not shifted
}

TEST_CASE("delay: each message leaves in its time, evenly within the spread") {
  constexpr int kMessages = 20'000;
  BehaviourBench bench("delay", "{ by: 10ms, spread: 4ms }", talk);
  bench.step(0s, Start{});
  std::set<std::int64_t> times;
  double sum = 0;
  for (int i = 0; i < kMessages; i++) {
    bench.step(0s, Request{1, 0});
    CHECK(bench.sends().empty());
    REQUIRE(bench.timers().size() == 1);
    const SetTimer alarm = bench.timers()[0];
    REQUIRE(alarm.after >= Duration(10ms));
    REQUIRE(alarm.after <= Duration(14ms));
    times.insert(alarm.after.count());
    sum += static_cast<double>(alarm.after.count());
    bench.step(12ms, TimerFired{alarm.key});
    REQUIRE(said(bench) == static_cast<std::uint64_t>(i) + 2);
    bench.step(12ms, TimerFired{alarm.key});
    REQUIRE(bench.sends().empty());
  }
  // The mean of n even draws over 4 ms has a standard deviation of 4 ms / sqrt(12 n): 8.2 us.
  CHECK(std::abs(sum / kMessages - 12e6) < 5 * 8.2e3);
  CHECK(times.size() > kMessages / 2);
}

TEST_CASE("delay: holds no more than its limit, and says so") {
  BehaviourBench bench("delay", "{ by: 1s }", talk);
  for (int i = 0; i < 65'536; i++) bench.step(0s, Request{1, 0});
  CHECK(bench.sends().empty());
  bench.step(0s, Request{1, 0});
  CHECK(bench.sends().size() == 1);
  REQUIRE(bench.faults().size() == 1);
  CHECK(bench.faults()[0].what == "not delayed, too many are");
}

}  // namespace conclave
