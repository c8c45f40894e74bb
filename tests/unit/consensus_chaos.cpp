// Protocols of consensus in chaos, drawn from a seed: until the network heals, messages are lost, doubled, late and out
// of order, the group is split, honest replicas restart, and f of the 3f + 1 do what an adversary can think of. Nothing
// may ever be decided twice or invented, nobody honest accused; and once the network has healed, what clients want must
// be done. `make chaos` plays thousands of seeds; what `make test` plays is a part of them.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/broadcast_events.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "lab/rehearsal.hpp"

namespace conclave {
namespace {

using lab::Rehearsal;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kHeal = kStartOfRun + seconds(3);
constexpr Time kEnd = kHeal + seconds(30);

/// What happened in the runs of one protocol, so that a campaign in which nothing happened does not pass.
struct Tally {
  std::uint64_t runs = 0;
  std::uint64_t decisions = 0;
  std::uint64_t left_view = 0;  ///< runs in which a view, a round or a term was given up
  std::uint64_t accused = 0;    ///< runs in which somebody was accused
};

/// `[CHAOS_FIRST, CHAOS_FIRST + CHAOS_SEEDS)`, or a few from 1 on.
std::pair<std::uint64_t, std::uint64_t> seeds(std::uint64_t usual) {
  const char* first = std::getenv("CHAOS_FIRST");
  const char* count = std::getenv("CHAOS_SEEDS");
  return {first ? std::strtoull(first, nullptr, 10) : 1, count ? std::strtoull(count, nullptr, 10) : usual};
}

/// Who may talk to whom, drawn anew every 300 ms: all, or two sides.
bool connected(const lab::Letter& letter, Stream splits) {
  const std::uint64_t word = splits.at(static_cast<std::uint64_t>((letter.sent - kStartOfRun) / milliseconds(300)));
  if (word % 2 == 0) return true;
  const auto side = [&](AgentId id) { return word >> (8 + index(id)) & 1; };
  return side(letter.from) == side(letter.to);
}

Rehearsal::Network network(std::uint64_t seed, bool loses) {
  const Stream drawn(seed, "chaos network");
  const bool split = loses && drawn.at(0) % 2 == 0;
  const std::uint64_t lost = loses ? drawn.at(1) % 25 : 0, doubled = drawn.at(2) % 15,
                      late_us = 1 + drawn.at(3) % 40'000;
  return [=, splits = drawn.child(1)](const lab::Letter& letter, Random& random) -> std::vector<Duration> {
    if (letter.sent >= kHeal) return {milliseconds(1)};
    std::vector<Duration> copies;
    if (split && !connected(letter, splits)) return copies;
    const auto delay = [&] { return std::chrono::microseconds(100 + random.below(late_us)); };
    if (random.below(100) >= lost) copies.push_back(delay());
    if (random.below(100) < doubled) copies.push_back(delay());
    return copies;
  };
}

/// What one Byzantine replica does; `other` is another of its group.
std::string misdeed(Random& random, std::uint32_t other) {
  const auto percent = [&] { return fmt::format("{}%", 1 + random.below(100)); };
  const auto time = [&](std::uint64_t most_ms) { return fmt::format("{}ms", 1 + random.below(most_ms)); };
  constexpr std::array kForgeries{"ahead", "stale", "proof"};
  switch (random.below(20)) {
    case 0: return "silent";
    case 1: return fmt::format("omit{{sends={}, receives={}}}", percent(), percent());
    case 2: return fmt::format("delay{{by={}, spread={}}}", time(100), time(300));
    case 3: return fmt::format("replay{{probability={}, memory={}, to=anyone}}", percent(), 1 + random.below(200));
    case 4: return fmt::format("corrupt_bytes{{probability={}, bits={}}}", percent(), 1 + random.below(64));
    case 5: return fmt::format("forge_signature{{probability={}}}", percent());
    case 6: return fmt::format("equivocate{{share={}}}", percent());
    case 7: return fmt::format("equivocate{{fields=[sequence], probability={}}}", percent());
    case 8: return "twins{split=drawn}";
    case 9: return "two_faced{drawn=true}";
    case 10: return fmt::format("withhold_votes{{except=[replica[{}]]}}", other);
    case 11: return fmt::format("late_votes{{margin={}}}", time(50));
    case 12: return fmt::format("impatient{{factor={}}}", 2 + random.below(50));
    case 13:
      return fmt::format("impatient{{factor=20}}, forge_view_change{{forgery={}, views={}}}",
                         kForgeries[random.below(3)], 1 + random.below(100));
    case 14: return fmt::format("hidden_lock{{confidant=replica[{}], roles=[vote, proposal, new_view]}}", other);
    case 15: return fmt::format("starve{{victims=[replica[{}], client[1]]}}", other);
    case 16: return fmt::format("silent_views{{every={}, offset=0}}", 1 + random.below(4));
    case 17:
      return fmt::format("crash_recover{{at={}, until={}ms, state=lost}}", time(1000), 1001 + random.below(1000));
    default: return fmt::format("collude{{victims={}}}", percent());
  }
}

/// What a replica does that only stops.
std::string crash(Random& random) {
  const auto at = [&] { return fmt::format("{}ms", 1 + random.below(2000)); };
  switch (random.below(3)) {
    case 0: return fmt::format("crash{{at={}}}", at());
    case 1: return fmt::format("crash_recover{{at={}, until={}ms, state=kept}}", at(), 2001 + random.below(1000));
    default: return fmt::format("omit{{sends={}%, receives={}%}}", 1 + random.below(99), random.below(100));
  }
}

/// Corrupts `count` replicas, drawn from the seed. Now and then they have two minds that change sides, see make_twins.
void corrupt(Rehearsal& rehearsal, AgentRange replicas, std::uint32_t count, bool crashes_only, Random& random) {
  const std::uint64_t first = random.below(replicas.count);
  for (std::uint32_t i = 0; i < count; i++) {
    const AgentId id = replicas[(first + i) % replicas.count];
    const auto other =
        static_cast<std::uint32_t>((first + count + random.below(replicas.count - count)) % replicas.count);
    if (crashes_only) {
      rehearsal.misbehave(id, crash(random));
    } else if (random.below(5) == 0) {
      rehearsal.make_twins(id, milliseconds(50 + random.below(300)));
    } else {
      rehearsal.misbehave(id, misdeed(random, other));
    }
  }
}

void look_at(const Rehearsal& rehearsal, Tally& tally) {
  tally.runs++;
  const auto happened = [&](auto what) {
    return std::any_of(rehearsal.events().begin(), rehearsal.events().end(), [&](const Event& event) {
      return rehearsal.roster().honest(event.agent) && what(*event.record);
    });
  };
  tally.left_view += happened([](const Record& record) { return record.as<PhaseTimedOut>() != nullptr; });
  tally.accused += happened([](const Record& record) { return record.as<Accused>() != nullptr; });
  tally.decisions += happened([](const Record& record) { return record.as<Decided>() != nullptr; });
}

void check_all(const Rehearsal& rehearsal, std::initializer_list<const char*> checkers) {
  for (const char* checker : checkers) {
    const Verdict verdict = rehearsal.verdict(checker, kHeal);
    CHECK_MESSAGE(verdict.holds, fmt::format("{}: {}", checker, verdict.detail));
  }
}

void play(const std::string& protocol, bool crashes_only, std::uint64_t seed, Tally& tally) {
  CAPTURE(protocol);
  CAPTURE(seed);
  Random random(Stream(seed, "chaos"));
  const auto f = static_cast<std::uint32_t>(1 + (random.below(4) == 0));  // n = 4 or 7; 3 or 5 where nobody lies
  Rehearsal rehearsal(seed);
  rehearsal.set_network(network(seed, true));
  const AgentRange replicas = rehearsal.add("replica", (crashes_only ? 2 : 3) * f + 1, protocol);
  const AgentRange clients = rehearsal.add("client", 3, "consensus_client{ask=all, retry=400ms}");
  corrupt(rehearsal, replicas, f, crashes_only, random);
  rehearsal.start();
  for (const AgentId client : clients)
    for (int i = 0; i < 4; i++) rehearsal.request(client);
  for (Time at = kStartOfRun; at < kHeal; at += milliseconds(250)) {
    rehearsal.run_until(at);
    const AgentId victim = replicas[random.below(replicas.count)];
    if (random.below(4) == 0 && rehearsal.roster().honest(victim)) rehearsal.restart(victim);
  }
  rehearsal.run_until(kEnd);
  if (crashes_only) {
    check_all(rehearsal, {"agreement", "validity", "integrity", "total_order", "certificates{quorum=majority}",
                          "belief", "deadlock", "progress{within=25s}"});
  } else {
    check_all(rehearsal, {"agreement", "validity", "integrity", "total_order", "certificates", "accountability",
                          "belief", "deadlock", "progress{within=25s}"});
  }
  look_at(rehearsal, tally);
}

Tally play_all(const std::string& protocol, bool crashes_only = false) {
  const auto [first, count] = seeds(60);
  Tally tally;
  for (std::uint64_t seed = first; seed < first + count; seed++) play(protocol, crashes_only, seed, tally);
  MESSAGE(fmt::format("{}: {} runs from seed {} on, in {} of them a view was given up, in {} somebody accused",
                      protocol, tally.runs, first, tally.left_view, tally.accused));
  CHECK(tally.decisions == tally.runs);
  if (tally.runs < 50) return tally;  // too few to tell
  CHECK(tally.left_view > tally.runs / 4);
  if (!crashes_only) CHECK(tally.accused >= tally.runs / 20);
  return tally;
}

/// f + 1 of 3f + 1 with two faces each, in a network that is well: nobody can be blamed but them.
bool disagree(const std::string& protocol, std::uint32_t faulty, std::uint64_t seed) {
  Rehearsal rehearsal(seed);
  const AgentRange replicas = rehearsal.add("replica", 4, protocol);
  const AgentRange clients = rehearsal.add("client", 2, "consensus_client{ask=all, retry=400ms}");
  for (std::uint32_t i = 0; i < faulty; i++) rehearsal.misbehave(replicas[i], "two_faced{drawn=true}");
  rehearsal.start();
  for (int i = 0; i < 5; i++)
    for (const AgentId client : clients) rehearsal.request(client);
  rehearsal.run_until(kStartOfRun + seconds(5));
  return !rehearsal.verdict("agreement").holds;
}

void check_resilience_is_tight(const std::string& protocol) {
  CAPTURE(protocol);
  const auto [first, count] = seeds(10);
  std::uint64_t with_f = 0, with_more = 0;
  for (std::uint64_t seed = first; seed < first + count; seed++) {
    with_f += disagree(protocol, 1, seed);
    with_more += disagree(protocol, 2, seed);
  }
  MESSAGE(fmt::format("{}: agreement failed in {} of {} runs with f = 1 of 4, in {} with 2", protocol, with_f, count,
                      with_more));
  CHECK(with_f == 0);
  CHECK(with_more > 0);
}

constexpr const char* kPbft = "pbft{view_timeout=200ms, resend=50ms, checkpoint=4, window=8}";
constexpr const char* kHotStuff = "hotstuff{timeout=50ms, timeout_max=2s}";
constexpr const char* kTendermint = "tendermint{timeout=50ms, timeout_step=20ms, gossip=50ms}";

}  // namespace

TEST_CASE("chaos: pbft") {
  play_all(kPbft);
}

TEST_CASE("chaos: pbft with macs") {
  play_all("pbft{view_timeout=200ms, resend=50ms, checkpoint=4, window=8, commits=macs}");
}

TEST_CASE("chaos: hotstuff") {
  play_all(kHotStuff);
}

TEST_CASE("chaos: hotstuff with short proposals") {
  play_all("hotstuff{timeout=50ms, timeout_max=2s, proposals=digests, certificates=list, reign=5}");
}

TEST_CASE("chaos: tendermint") {
  play_all(kTendermint);
}

TEST_CASE("chaos: raft") {
  play_all("raft", true);
}

TEST_CASE("chaos: raft with its options") {
  play_all("raft{pre_vote=true, check_quorum=true, entries_per_append=2, entries_in_flight=3}", true);
}

TEST_CASE("chaos: bracha") {
  const auto [first, count] = seeds(60);
  std::uint64_t delivered = 0;
  for (std::uint64_t seed = first; seed < first + count; seed++) {
    CAPTURE(seed);
    Random random(Stream(seed, "chaos"));
    const auto f = static_cast<std::uint32_t>(1 + (random.below(4) == 0));
    Rehearsal rehearsal(seed);
    rehearsal.set_network(network(seed, false));  // reliable links, as the paper demands
    const AgentRange members = rehearsal.add("replica", 3 * f + 1, "bracha");
    rehearsal.add("client", 2, "consensus_client");
    corrupt(rehearsal, members, f, false, random);
    rehearsal.start();
    for (int i = 0; i < 4; i++)
      for (const AgentId member : members) rehearsal.request(member);
    rehearsal.run_until(kEnd);
    check_all(rehearsal, {"reliable_broadcast"});
    delivered += rehearsal.emitted<BroadcastDelivered>().size();
  }
  MESSAGE(fmt::format("bracha: {} runs from seed {} on, {} deliveries", count, first, delivered));
}

TEST_CASE("resilience is tight: f liars break nothing, f + 1 break agreement") {
  for (const char* protocol : {kPbft, kHotStuff, kTendermint}) check_resilience_is_tight(protocol);
}

}  // namespace conclave
