// Behaviours of the consensus family: whom they leave out, when they speak, and what they make of a message.

#include <doctest/doctest.h>

#include "behaviours/consensus/roles.hpp"
#include "core/consensus_events.hpp"
#include "unit/behaviour_bench.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;

struct BenchProposal : RecordOf<BenchProposal> {
  static constexpr std::string_view kName = "bench_proposal";
  std::uint64_t view = 0;
  static void fields(auto& self, auto& field) { field("view", self.view); }
};

struct BenchViewChange : RecordOf<BenchViewChange> {
  static constexpr std::string_view kName = "bench_view_change";
  std::uint64_t view = 0;
  std::shared_ptr<const BenchVote> proof;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("view", self.view);
    field("proof", self.proof);
    field("signature", self.signature);
  }
};

/// Three broadcasts on every request: a proposal, a vote, a note.
void speak(const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
  if (!std::holds_alternative<Request>(input)) return;
  BenchProposal proposal;
  proposal.view = steps;
  out.broadcast(view.peers, share(std::move(proposal)));
  out.broadcast(view.peers, view.crypto.sign(BehaviourBench::unsigned_vote(steps)));
  BenchNote note;
  note.number = steps;
  out.broadcast(view.peers, share(std::move(note)));
}

/// Wants a new view on every request, with a vote of its own as the proof.
void complain(const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
  if (!std::holds_alternative<Request>(input)) return;
  BenchViewChange change;
  change.view = steps;
  change.proof = view.crypto.sign(BehaviourBench::unsigned_vote(steps));
  out.broadcast(view.peers, view.crypto.sign(std::move(change)));
}

/// Receivers of the sends of one kind.
template <class Kind>
std::vector<AgentId> receivers_of(const BehaviourBench& bench) {
  std::vector<AgentId> receivers;
  for (const Send& send : bench.sends())
    if (send.body->as<Kind>()) send.to.each(BehaviourBench::kSelf, [&](AgentId to, auto) { receivers.push_back(to); });
  return receivers;
}

std::vector<AgentId> others() {
  std::vector<AgentId> all;
  for (std::uint32_t i = 0; i < BehaviourBench::kAgents; i++)
    if (agent(i) != BehaviourBench::kSelf) all.push_back(agent(i));
  return all;
}

const BenchViewChange& complaint(const BehaviourBench& bench) {
  REQUIRE(bench.sends().size() == 1);
  REQUIRE(bench.sends()[0].body->as<BenchViewChange>());
  return *bench.sends()[0].body->as<BenchViewChange>();
}

}  // namespace

TEST_CASE("the name of a kind tells its role") {
  CHECK(role_of(BenchVote()) == MessageRole::vote);
  CHECK(role_of(BenchProposal()) == MessageRole::proposal);
  CHECK(role_of(BenchViewChange()) == MessageRole::view_change);
  CHECK(!role_of(BenchNote()));
  const auto role = [](std::string_view name) -> std::optional<MessageRole> {
    const RecordType* type = find_record_type(name);
    REQUIRE_MESSAGE(type, name);
    return role_of(Record(*type));
  };
  CHECK(role("pre_prepare") == MessageRole::proposal);
  CHECK(role("prepare") == MessageRole::vote);
  CHECK(role("commit") == MessageRole::vote);
  for (const char* none : {"request", "reply", "append_entries", "decided", "bracha_echo"}) CHECK(!role(none));
}

TEST_CASE("withhold_votes: votes reach only those excepted, all else reaches everyone") {
  BehaviourBench bench("withhold_votes", "{ except: [\"a[5]\"] }", speak);
  bench.step(1s, Request{1, 0});
  CHECK(receivers_of<BenchVote>(bench) == std::vector{agent(5)});
  CHECK(receivers_of<BenchProposal>(bench) == others());
  CHECK(receivers_of<BenchNote>(bench) == others());
  REQUIRE(bench.faults().size() == 1);
  CHECK(bench.faults()[0].count == 8);
}

TEST_CASE("hidden_lock: what shows a quorum is for the confidant alone") {
  BehaviourBench bench("hidden_lock", "{ confidant: \"a[0]\", roles: [vote, proposal] }", speak);
  bench.step(1s, Request{1, 0});
  CHECK(receivers_of<BenchVote>(bench) == std::vector{agent(0)});
  CHECK(receivers_of<BenchProposal>(bench) == std::vector{agent(0)});
  CHECK(receivers_of<BenchNote>(bench) == others());
}

TEST_CASE("starve: what a victim has signed is ignored whoever brings it, and victims are told nothing") {
  std::uint64_t heard = 0;
  BehaviourBench bench("starve", "{ victims: [\"a[3]\", \"a[7]\"] }",
                       [&](const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
                         heard += std::holds_alternative<Message>(input);
                         speak(view, input, steps, out);
                       });
  // The bench signs as agent 3.
  bench.receive(1s, agent(1), bench.vote(1));
  CHECK(heard == 0);
  REQUIRE(bench.faults().size() == 1);
  CHECK(bench.faults()[0].what == "ignored");
  bench.receive(1s, agent(1), share(BenchNote()));
  CHECK(heard == 1);
  bench.receive(1s, agent(7), share(BenchNote()));
  CHECK(heard == 1);
  bench.step(1s, Request{1, 0});
  auto told = others();
  std::erase(told, agent(7));
  CHECK(receivers_of<BenchVote>(bench) == told);
  CHECK(receivers_of<BenchNote>(bench) == told);
}

TEST_CASE("silent_views: nothing is said in every third view") {
  BehaviourBench bench("silent_views", "{ every: 3, offset: 1 }",
                       [](const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
                         ViewEntered entered;
                         entered.view = steps - 1;
                         if (steps > 1) out.emit(std::move(entered));
                         speak(view, input, steps, out);
                       });
  for (std::uint64_t in_view = 0; in_view < 9; in_view++) {
    bench.step(1s, Request{in_view + 1, 0});
    CHECK(bench.sends().size() == (in_view % 3 == 1 ? 0 : 3));
    CHECK(bench.faults().size() == (in_view % 3 == 1 ? 3 : 0));
  }
}

TEST_CASE("late_votes: a vote leaves just before the first timer would fire, everything else at once") {
  constexpr TimerKey kFirst{.name = 1}, kSecond{.name = 2};
  BehaviourBench bench("late_votes", "{ margin: 10ms }",
                       [&](const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
                         if (steps == 1) {
                           out.set_timer(kFirst, 100ms);
                           out.set_timer(kSecond, 300ms);
                         }
                         if (steps == 3) out.cancel_timer(kFirst);
                         speak(view, input, steps, out);
                       });
  bench.step(0s, Start{});
  bench.step(20ms, Request{1, 0});
  CHECK(bench.sends().size() == 2);
  CHECK(receivers_of<BenchVote>(bench).empty());
  REQUIRE(bench.timers().size() == 1);
  CHECK(bench.timers()[0].after == 70ms);
  const TimerKey release = bench.timers()[0].key;
  bench.step(40ms, Request{2, 0});  // the first timer is cancelled: now the second counts
  REQUIRE(bench.timers().size() == 1);
  CHECK(bench.timers()[0].after == 250ms);
  bench.step(90ms, TimerFired{release});
  CHECK(receivers_of<BenchVote>(bench) == others());
  bench.step(91ms, TimerFired{release});
  CHECK(bench.sends().empty());
  bench.step(295ms, Request{3, 0});  // within the margin
  CHECK(receivers_of<BenchVote>(bench) == others());
}

TEST_CASE("impatient: timers fire so many times sooner, within its window") {
  BehaviourBench bench("impatient", "{ factor: 20, until: 1s }",
                       [](const View&, const Input&, std::uint64_t, Outbox& out) { out.set_timer({}, 100ms); });
  bench.step(0s, Start{});
  REQUIRE(bench.timers().size() == 1);
  CHECK(bench.timers()[0].after == 5ms);
  bench.step(1s, Request{1, 0});
  CHECK(bench.timers()[0].after == 100ms);
}

TEST_CASE("forge_view_change: far ahead, stale, or with a spoilt proof, and signed each time") {
  BehaviourBench ahead("forge_view_change", "{ forgery: ahead, views: 100 }", complain);
  BehaviourBench stale("forge_view_change", "{ forgery: stale }", complain);
  BehaviourBench proof("forge_view_change", "{ forgery: proof }", complain);
  for (std::uint64_t step = 1; step <= 3; step++) {
    for (BehaviourBench* bench : {&ahead, &stale, &proof}) {
      bench->step(1s, Request{step, 0});
      CHECK(bench->crypto().verify(complaint(*bench), BehaviourBench::kSelf));
      CHECK(bench->faults().size() == 1);
    }
    CHECK(complaint(ahead).view == 100 + step);
    CHECK(complaint(stale).view == 1);
    CHECK(complaint(proof).view == step);
    CHECK(proof.crypto().verify(*complaint(ahead).proof, BehaviourBench::kSelf));
    CHECK(!proof.crypto().verify(*complaint(proof).proof, BehaviourBench::kSelf));
  }
}

TEST_CASE("collude: in each view all do the same, and over the views they do everything") {
  const auto enter = [](const View& view, const Input& input, std::uint64_t steps, Outbox& out) {
    ViewEntered entered;
    entered.view = steps;
    out.emit(std::move(entered));
    speak(view, input, steps, out);
  };
  BehaviourBench bench("collude", "{}", enter);
  BehaviourBench again("collude", "{}", enter);
  int silent = 0, partly = 0, lied = 0, behaved = 0;
  for (std::uint64_t step = 1; step <= 200; step++) {
    bench.step(1s, Request{step, 0});
    again.step(1s, Request{step, 0});
    CHECK(bench.receivers() == again.receivers());
    bool lie = false;
    for (const FaultInjected& fault : bench.faults()) lie = lie || fault.what == "equivocated";
    lied += lie;
    silent += bench.sends().empty();
    behaved += bench.faults().empty();
    partly += !bench.sends().empty() && !bench.faults().empty() && !lie;
  }
  // A fifth each, and two fifths for withholding from some and starving some.
  CHECK((silent > 20 && behaved > 20 && lied > 20 && partly > 40));
}

}  // namespace conclave
