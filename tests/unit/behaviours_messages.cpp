// Behaviours that change which messages there are and what is in them: omission, replay, corruption, forgery, two
// faces.

#include <doctest/doctest.h>

#include <bit>
#include <map>
#include <set>

#include "core/raw_bytes.hpp"
#include "unit/behaviour_bench.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;

/// Broadcasts a signed vote on every request.
void vote(const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
  if (std::holds_alternative<Request>(input))
    out.broadcast(view.peers, view.crypto.sign(BehaviourBench::unsigned_vote(steps)));
}

/// Says once how many messages it has taken in, to be asked for by a request.
void count(const View& view, const Input&, std::uint64_t steps, Outbox& out) {
  BenchNote note;
  note.number = steps;
  out.send(view.self, share(note));
}

template <class Kind>
const Kind& body(const Send& send) {
  REQUIRE(send.body->as<Kind>());
  return *send.body->as<Kind>();
}

int differing_bits(const std::string& a, const std::string& b) {
  REQUIRE(a.size() == b.size());
  int bits = 0;
  for (std::size_t i = 0; i < a.size(); i++) bits += std::popcount(static_cast<std::uint8_t>(a[i] ^ b[i]));
  return bits;
}

}  // namespace

TEST_CASE("omit: 10 % of a million copies are not sent, spread evenly over the receivers") {
  constexpr int kSends = 111'112;  // to nine receivers each
  BehaviourBench bench("omit", "{ sends: 10% }", vote);
  std::map<AgentId, int> heard;
  std::uint64_t omitted = 0, total = 0;
  for (int i = 0; i < kSends; i++) {
    bench.step(0s, Request{1, 0});
    for (const AgentId to : bench.receivers()) heard[to]++, total++;
    REQUIRE(bench.faults().size() <= 1);
    for (const FaultInjected& fault : bench.faults()) omitted += fault.count;
  }
  constexpr double kCopies = 9.0 * kSends;
  CHECK(static_cast<double>(total + omitted) == kCopies);
  CHECK(std::abs(static_cast<double>(omitted) - 0.1 * kCopies) < five_sigma(kCopies, 0.1));
  CHECK(heard.size() == 9);
  for (const auto& [to, copies] : heard) CHECK(std::abs(copies - 0.9 * kSends) < five_sigma(kSends, 0.9));
  CHECK(bench.drawn() == 0);
}

TEST_CASE("omit: 10 % of a million messages are not taken in, only of the kinds that it names") {
  constexpr int kMessages = 1'000'000;
  BehaviourBench bench("omit", "{ receives: 10%, kinds: [bench_note] }", count);
  const RecordPtr note = share(BenchNote{}), signed_vote = bench.vote(1);
  int taken = 0;
  for (int i = 0; i < kMessages; i++) bench.receive(0s, AgentId{1}, note), taken += !bench.sends().empty();
  CHECK(std::abs(taken - 0.9 * kMessages) < five_sigma(kMessages, 0.9));
  for (int i = 0; i < 1000; i++) {
    bench.receive(0s, AgentId{1}, signed_vote);
    REQUIRE(bench.sends().size() == 1);
  }
}

TEST_CASE("omit: outside its window it leaves nothing out") {
  BehaviourBench bench("omit", "{ sends: 100%, receives: 100%, from: 1s, until: 2s }", vote);
  bench.step(0s, Request{1, 0});
  CHECK(bench.receivers().size() == 9);
  bench.step(1s, Request{1, 0});
  CHECK(bench.receivers().empty());
  bench.step(2s, Request{1, 0});
  CHECK(bench.receivers().size() == 9);
}

TEST_CASE("two behaviours, two seeds, two instances: each draws from a stream of its own") {
  const auto pattern = [](const std::string& behaviour, const std::string& options, std::uint64_t seed) {
    BehaviourBench bench(behaviour, options, vote, seed);
    std::vector<bool> struck;
    for (int i = 0; i < 200; i++) bench.step(0s, Request{1, 0}), struck.push_back(!bench.faults().empty());
    return struck;
  };
  CHECK(pattern("corrupt_bytes", "{ probability: 50% }", 1) == pattern("corrupt_bytes", "{ probability: 50% }", 1));
  CHECK(pattern("corrupt_bytes", "{ probability: 50% }", 1) != pattern("corrupt_bytes", "{ probability: 50% }", 2));
  CHECK(pattern("corrupt_bytes", "{ probability: 50% }", 1) != pattern("forge_signature", "{ probability: 50% }", 1));
}

TEST_CASE("replay: sends again what it remembers, and remembers no more than it may") {
  constexpr std::uint64_t kMessages = 10'000, kMemory = 4;
  BehaviourBench bench("replay", "{ of: received, memory: 4, probability: 25% }",
                       [](const View&, const Input&, std::uint64_t, Outbox&) {});
  std::uint64_t replayed = 0;
  std::set<AgentId> receivers;
  std::set<std::uint64_t> ages;
  for (std::uint64_t i = 0; i < kMessages; i++) {
    bench.receive(0s, AgentId{1}, bench.vote(i));
    for (const Send& send : bench.sends()) {
      replayed++;
      const auto& again = body<BenchVote>(send);
      CHECK(bench.crypto().verify(again, BehaviourBench::kSelf));
      receivers.insert(send.to.only());
      ages.insert(i - again.number);
    }
    REQUIRE(bench.faults().size() == bench.sends().size());
  }
  CHECK(std::abs(static_cast<double>(replayed) - 0.25 * kMessages) < five_sigma(kMessages, 0.25));
  CHECK(receivers.size() == 9);
  CHECK_FALSE(receivers.contains(BehaviourBench::kSelf));
  CHECK(ages == std::set<std::uint64_t>{0, 1, 2, 3});
  CHECK(ages.size() == kMemory);
}

TEST_CASE("replay: of its own messages only if it is told so") {
  BehaviourBench bench("replay", "{ of: sent, probability: 100%, memory: 1 }", vote);
  bench.receive(0s, AgentId{1}, bench.vote(99));
  CHECK(bench.sends().empty());
  bench.step(0s, Request{1, 0});
  REQUIRE(bench.sends().size() == 2);
  CHECK(bench.sends()[1].body == bench.sends()[0].body);
}

TEST_CASE("corrupt_bytes: one flipped bit in 28 hits the kind and cannot be decoded, no other survives verification") {
  constexpr int kMessages = 50'000;
  BehaviourBench bench("corrupt_bytes", "{}", vote);
  int undecodable = 0, verified = 0, altered = 0;
  for (int i = 0; i < kMessages; i++) {
    bench.step(0s, Request{1, 0});
    REQUIRE(bench.sends().size() == 1);
    REQUIRE(bench.faults().size() == 1);
    const auto& raw = body<RawBytes>(bench.sends()[0]);
    const auto honest = bench.vote(static_cast<std::uint64_t>(i) + 1);
    REQUIRE(differing_bits(raw.bytes.content, honest->encode().bytes) == 1);
    const RecordPtr read = read_message(bench.sends()[0].body);
    if (!read) {
      undecodable++;
      continue;
    }
    altered++;
    REQUIRE(read->as<BenchVote>());
    verified += bench.crypto().verify(*read->as<BenchVote>(), BehaviourBench::kSelf);
  }
  // 32 bits of kind, 64 of number, 32 of voter, 256 of digest, 544 of signature: 928 in all.
  CHECK(std::abs(undecodable - kMessages * 32.0 / 928) < five_sigma(kMessages, 32.0 / 928));
  CHECK(altered == kMessages - undecodable);
  CHECK(verified == 0);
}

TEST_CASE("corrupt_bytes: as many bits as it is told, and the size on the wire stays") {
  BehaviourBench bench("corrupt_bytes", "{ bits: 100 }", vote);
  bench.step(0s, Request{1, 0});
  const auto honest = bench.vote(1);
  const auto& raw = body<RawBytes>(bench.sends()[0]);
  CHECK(differing_bits(raw.bytes.content, honest->encode().bytes) == 100);
  Encoding fields;
  raw.type->encode(raw, fields);
  CHECK(wire_bytes(raw, fields) == honest->encode().wire_bytes());
}

TEST_CASE("forge_signature: another name, a signature that nobody accepts") {
  BehaviourBench bench("forge_signature", "{}", vote);
  std::set<AgentId> victims;
  for (int i = 0; i < 200; i++) {
    bench.step(0s, Request{1, 0});
    REQUIRE(bench.sends().size() == 1);
    const auto& forged = body<BenchVote>(bench.sends()[0]);
    CHECK(forged.signature.signer != BehaviourBench::kSelf);
    CHECK(forged.voter == forged.signature.signer);
    CHECK(forged.digest == bench.vote(static_cast<std::uint64_t>(i) + 1)->digest);
    for (const AgentId claimed : bench.group()) {
      BenchVote fresh = forged;  // without the memo of a check
      CHECK_FALSE(bench.crypto().verify(fresh, claimed));
    }
    REQUIRE(bench.faults().size() == 1);
    CHECK(bench.faults()[0].peer == forged.voter);
    victims.insert(forged.voter);
  }
  CHECK(victims.size() == 9);
}

TEST_CASE("forge_signature: a message that names nobody is left alone") {
  BehaviourBench bench("forge_signature", "{}", count);
  bench.step(0s, Request{1, 0});
  CHECK(bench.sends().size() == 1);
  CHECK(bench.faults().empty());
}

TEST_CASE("equivocate: two camps that stay, each told a message that verifies, and lies that agree") {
  BehaviourBench bench("equivocate", "{}", vote);
  std::map<AgentId, bool> told_lie;
  for (int i = 0; i < 50; i++) {
    bench.step(0s, Request{1, 0});
    REQUIRE(bench.sends().size() == 2);
    const auto truth = bench.vote(static_cast<std::uint64_t>(i) + 1);
    for (const Send& send : bench.sends()) {
      const auto& heard = body<BenchVote>(send);
      CHECK(bench.crypto().verify(heard, BehaviourBench::kSelf));
      CHECK(heard.number == truth->number);
      const bool lie = heard.digest != truth->digest;
      if (lie)
        for (std::size_t k = 0; k < 32; k++) REQUIRE((heard.digest.bytes[k] ^ truth->digest.bytes[k]) == 0xff);
      send.to.each(BehaviourBench::kSelf, [&](AgentId to, std::uint32_t) {
        const auto [known, fresh] = told_lie.emplace(to, lie);
        CHECK(known->second == lie);
      });
    }
  }
  CHECK(told_lie.size() == 9);
}

TEST_CASE("equivocate: the named field, or what there is") {
  BehaviourBench named("equivocate", "{ fields: [number], share: 100% }", vote);
  named.step(0s, Request{1, 0});
  CHECK(body<BenchVote>(named.sends()[0]).number == 0);
  CHECK(body<BenchVote>(named.sends()[0]).digest == named.vote(1)->digest);
  CHECK(named.crypto().verify(body<BenchVote>(named.sends()[0]), BehaviourBench::kSelf));
  BehaviourBench plain("equivocate", "{ share: 100% }", count);
  plain.step(0s, Request{1, 0});
  CHECK(body<BenchNote>(plain.sends()[0]).number == 0);  // there is no digest and no text: the number
  BehaviourBench absent("equivocate", "{ fields: [colour], share: 100% }", vote);
  absent.step(0s, Request{1, 0});
  CHECK(absent.faults().empty());
}

TEST_CASE("equivocate: what another agent has signed cannot be changed") {
  const auto relayed = [](const View& view, const Input& input, std::uint64_t, Outbox& out) {
    if (const auto* message = std::get_if<Message>(&input)) out.broadcast(view.peers, message->body);
  };
  BehaviourBench bench("equivocate", "{ share: 100% }", relayed);
  BenchVote foreign;
  foreign.signature.signer = AgentId{5};
  const RecordPtr original = share(foreign);
  bench.receive(0s, AgentId{5}, original);
  REQUIRE(bench.sends().size() == 1);
  CHECK(bench.sends()[0].body == original);
}

TEST_CASE("twins: each half of the others has an instance of its own, and so has each timer") {
  constexpr TimerKey kTimer{.name = 1, .id = 5};
  BehaviourBench bench("twins", "{ split: halves }",
                       [&](const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
                         if (std::holds_alternative<Start>(input)) return out.set_timer(kTimer, Duration(steps));
                         BenchNote note;
                         note.number = steps;
                         out.broadcast(view.peers, share(note));
                         out.cancel_timer(kTimer);
                       });
  bench.step(0s, Start{});
  REQUIRE(bench.timers().size() == 2);
  const TimerKey first = bench.timers()[0].key, second = bench.timers()[1].key;
  CHECK(first == kTimer);
  CHECK(second == TimerKey{.name = 1, .layer = kSecondTwin, .id = 5});
  const std::vector<AgentId> lower{AgentId{0}, AgentId{1}, AgentId{2}, AgentId{4}};
  const std::vector<AgentId> upper{AgentId{5}, AgentId{6}, AgentId{7}, AgentId{8}, AgentId{9}};
  const auto expect = [&](const std::vector<AgentId>& heard, std::uint64_t steps, TimerKey timer) {
    REQUIRE(bench.sends().size() == 1);
    CHECK(bench.receivers() == heard);
    CHECK(body<BenchNote>(bench.sends()[0]).number == steps);
    CHECK(bench.cancelled() == std::vector<TimerKey>{timer});
  };
  const RecordPtr note = share(BenchNote{});
  bench.receive(0s, AgentId{1}, note);
  expect(lower, 2, first);
  bench.receive(0s, AgentId{2}, note);
  expect(lower, 3, first);
  bench.receive(0s, AgentId{8}, note);
  expect(upper, 2, second);  // the second instance has seen nothing of the messages to the first
  bench.step(0s, TimerFired{second});
  expect(upper, 3, second);
  bench.step(0s, TimerFired{first});
  expect(lower, 4, first);
  bench.step(0s, Request{1, 0});
  CHECK(bench.sends().size() == 2);
  CHECK(bench.receivers().size() == 9);
}

}  // namespace conclave
