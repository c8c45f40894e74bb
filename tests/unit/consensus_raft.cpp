// Raft: exact numbers of messages and message delays, and how long it is without a leader.

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "lab/rehearsal.hpp"

namespace conclave {
namespace {

using lab::kHop;
using lab::Rehearsal;
using Counts = std::map<std::string_view, std::uint64_t>;

/// Timeouts so long that nothing but what is counted happens in between.
constexpr const char* kQuiet = "raft{election_timeout=100s, election_spread=100s, heartbeat=60s}";

std::int64_t hops(Duration duration) {
  return duration / kHop;
}

Counts difference(const Counts& before, const Counts& after) {
  Counts more;
  for (const auto& [kind, count] : after) {
    const auto known = before.find(kind);
    const std::uint64_t fewer = known == before.end() ? 0 : known->second;
    if (count > fewer) more[kind] = count - fewer;
  }
  return more;
}

}  // namespace

TEST_CASE("raft: an election takes 2 (n - 1) messages and two delays, its no-op as many again") {
  for (const std::uint32_t n : {1u, 3u, 4u, 5u, 16u}) {
    CAPTURE(n);
    Rehearsal rehearsal;
    rehearsal.add("replica", n, kQuiet);
    rehearsal.start();
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(200));
    const Time timeout = rehearsal.emitted<PhaseTimedOut>().front().time;
    CHECK(rehearsal.emitted<Certified>().front().time - timeout == (n == 1 ? Duration() : 2 * kHop));
    rehearsal.run_until(timeout + std::chrono::seconds(1));
    Counts expected{{"request_vote", n - 1},
                    {"request_vote_reply", n - 1},
                    {"append_entries", n - 1},
                    {"append_entries_reply", n - 1}};
    if (n == 1) expected.clear();
    CHECK(difference({{"request_vote", 0}}, rehearsal.sent()) == expected);
    CHECK(rehearsal.emitted<Decided>().size() == 1);
    CHECK(hops(rehearsal.emitted<Decided>().front().time - timeout) == (n == 1 ? 0 : 4));
  }
}

TEST_CASE(
    "raft: a request costs 2 (n - 1) messages, the leader decides after two delays, the client knows after four") {
  for (const std::uint32_t n : {3u, 4u, 5u, 16u, 100u}) {
    CAPTURE(n);
    Rehearsal rehearsal;
    const AgentRange replicas = rehearsal.add("replica", n, kQuiet);
    const AgentRange clients = rehearsal.add("client", 1, "consensus_client{retry=1000s}");
    rehearsal.start();
    rehearsal.request(clients[0]);  // waits for a leader, of whom the answer tells
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(201));
    REQUIRE(rehearsal.emitted<RequestCompleted>().size() == 1);
    const Counts before = rehearsal.sent();
    const Time asked = rehearsal.now();
    rehearsal.request(clients[0]);
    rehearsal.run_until(asked + 20 * kHop);
    CHECK(difference(before, rehearsal.sent()) ==
          Counts{{"request", 1}, {"append_entries", n - 1}, {"append_entries_reply", n - 1}, {"reply", 1}});
    CHECK(hops(rehearsal.emitted<Proposed>().back().time - asked) == 1);
    CHECK(hops(rehearsal.emitted<Decided>().back().time - asked) == 3);
    CHECK(hops(rehearsal.emitted<RequestCompleted>().back().time - asked) == 4);
    CHECK(rehearsal.emitted<Decided>().back().record->as<Decided>()->sequence == 3);
    static_cast<void>(replicas);
  }
}

TEST_CASE("raft: at most one leader a term, and each has the votes of a majority") {
  for (std::uint64_t seed = 1; seed <= 200; seed++) {
    CAPTURE(seed);
    Rehearsal rehearsal(seed);
    rehearsal.add("replica", 5, "raft{election_timeout=20ms, election_spread=10ms, heartbeat=5ms}");
    rehearsal.set_network([](const lab::Letter&, Random& random) {
      std::vector<Duration> copies;
      if (random.below(100) < 80) copies.emplace_back(std::chrono::microstd::chrono::seconds(random.below(15'000)));
      return copies;
    });
    rehearsal.start();
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(2));
    std::map<std::uint64_t, AgentId> leaders;
    for (const Event& event : rehearsal.emitted<Certified>()) {
      const auto& certified = *event.record->as<Certified>();
      VoteSet voters;
      for (std::uint32_t rank = 0; rank < 5; rank++)
        if (certified.voters.at(0) >> rank & 1) voters.add(rank, 5);
      CHECK(voters.count() >= 3);
      if (certified.phase == "election") CHECK(leaders.emplace(certified.view, event.agent).second);
    }
    CHECK(leaders.size() > 5);
  }
}

}  // namespace conclave
