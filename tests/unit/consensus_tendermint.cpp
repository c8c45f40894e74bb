// Tendermint: exact numbers of messages and message delays, and what it bears.

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "core/consensus_events.hpp"
#include "lab/rehearsal.hpp"

namespace conclave {
namespace {

using lab::kHop;
using lab::Rehearsal;

std::int64_t hops(Time time) {
  return (time - kStartOfRun) / kHop;
}

}  // namespace

TEST_CASE("tendermint: a decision takes (n - 1) (2 n + 1) messages and three delays from the proposal") {
  for (const std::uint32_t n : {4u, 7u, 16u}) {
    CAPTURE(n);
    Rehearsal rehearsal;
    rehearsal.add("replica", n, "tendermint");
    const AgentRange clients = rehearsal.add("client", 1, "consensus_client{ask=all}");
    rehearsal.start();
    rehearsal.request(clients[0]);
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(10));
    CHECK(rehearsal.sent() ==
          std::map<std::string_view, std::uint64_t>{
              {"request", n}, {"tendermint_proposal", n - 1}, {"tendermint_vote", 2 * n * (n - 1)}, {"reply", n}});
    CHECK(hops(rehearsal.emitted<Proposed>().front().time) == 1);
    const auto decisions = rehearsal.emitted<Decided>();
    CHECK(decisions.size() == n);
    CHECK(hops(decisions.back().time) == 1 + 3);
    CHECK(hops(rehearsal.emitted<RequestCompleted>().front().time) == 5);
    CHECK(rehearsal.emitted<PhaseTimedOut>().empty());
  }
}

TEST_CASE("tendermint: progress with f silent replicas of n, wherever they are") {
  for (std::uint32_t silent = 0; silent < 4; silent++) {
    CAPTURE(silent);
    Rehearsal rehearsal;
    rehearsal.set_network([silent](const lab::Letter& letter, Random&) {
      return index(letter.from) == silent ? std::vector<Duration>{} : std::vector{kHop};
    });
    rehearsal.add("replica", 4, "tendermint{timeout=50ms, timeout_step=10ms}");
    const AgentRange clients = rehearsal.add("client", 1, "consensus_client{ask=all}");
    rehearsal.start();
    for (int i = 0; i < 20; i++) rehearsal.request(clients[0]);
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(20));
    CHECK(rehearsal.emitted<RequestCompleted>().size() == 20);
    for (const char* checker : {"agreement", "validity", "integrity", "progress"}) {
      const Verdict verdict = rehearsal.verdict(checker);
      CHECK_MESSAGE(verdict.holds, verdict.detail);
    }
  }
}

}  // namespace conclave
