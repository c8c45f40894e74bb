// Chained HotStuff: exact numbers of messages and message delays, and what it bears.

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "core/consensus_events.hpp"
#include "lab/rehearsal.hpp"

namespace conclave {
namespace {

using lab::kHop;
using lab::Rehearsal;

/// In message delays since the start.
std::int64_t hops(Time time) {
  return (time - kStartOfRun) / kHop;
}

struct Stage {
  explicit Stage(std::uint32_t n, const std::string& protocol = "hotstuff", std::uint32_t client_count = 1) {
    replicas = rehearsal.add("replica", n, protocol);
    clients = rehearsal.add("client", client_count, "consensus_client{ask=all}");
    rehearsal.start();
  }
  Rehearsal rehearsal;
  AgentRange replicas, clients;
};

}  // namespace

TEST_CASE("hotstuff: a single request takes four views, 8 (n - 1) messages, and seven delays from its proposal") {
  for (const std::uint32_t n : {4u, 7u, 16u}) {
    CAPTURE(n);
    Stage stage(n);
    stage.rehearsal.request(stage.clients[0]);
    stage.rehearsal.run_until(kStartOfRun + std::chrono::seconds(10));
    CHECK(stage.rehearsal.sent() ==
          std::map<std::string_view, std::uint64_t>{
              {"request", n}, {"hotstuff_proposal", 4 * (n - 1)}, {"hotstuff_vote", 4 * (n - 1)}, {"reply", n}});
    CHECK(hops(stage.rehearsal.emitted<Proposed>().front().time) == 1);
    std::uint32_t decided = 0;
    for (const Event& event : stage.rehearsal.emitted<Decided>()) {
      if (event.record->as<Decided>()->sequence != 1) continue;
      decided++;
      // The leader makes the third certificate and knows it one delay before it can tell the others.
      CHECK(hops(event.time) == 1 + (event.agent == stage.replicas[0] ? 6 : 7));
    }
    CHECK(decided == n);
    CHECK(hops(stage.rehearsal.emitted<RequestCompleted>().front().time) == 9);
    CHECK(stage.rehearsal.emitted<PhaseTimedOut>().empty());
  }
}

TEST_CASE("hotstuff: under load each block costs 2 (n - 1) messages") {
  constexpr std::uint32_t n = 7, clients = 40, rounds = 25;
  Stage stage(n, "hotstuff{batch=1}", clients);
  for (std::uint32_t i = 0; i < rounds; i++)
    for (const AgentId client : stage.clients) stage.rehearsal.request(client);
  stage.rehearsal.run_until(kStartOfRun + std::chrono::seconds(100));
  const auto sent = stage.rehearsal.sent();
  CHECK(stage.rehearsal.emitted<RequestCompleted>().size() == clients * rounds);
  // Three empty blocks at the end push the last request through.
  CHECK(sent.at("hotstuff_proposal") == (n - 1) * (clients * rounds + 3));
  CHECK(sent.at("hotstuff_vote") == (n - 1) * (clients * rounds + 3));
}

TEST_CASE("hotstuff: short proposals name requests, wait for those that come late, and fetch those that do not come") {
  constexpr std::uint32_t n = 4;
  enum class Trouble { none, late, lost };
  for (const Trouble trouble : {Trouble::none, Trouble::late, Trouble::lost}) {
    CAPTURE(static_cast<int>(trouble));
    Stage stage(n, "hotstuff{proposals=digests, timeout=400ms}");
    // Two replicas of four are too many to do without.
    stage.rehearsal.set_network([&](const lab::Letter& letter, Random&) -> std::vector<Duration> {
      if (letter.from != stage.clients[0] || index(letter.to) < 2 || trouble == Trouble::none) return {kHop};
      if (trouble == Trouble::late) return {10 * kHop};
      return {};
    });
    stage.rehearsal.request(stage.clients[0]);
    stage.rehearsal.run_until(kStartOfRun + std::chrono::milliseconds(390));
    CHECK(stage.rehearsal.sent().at("hotstuff_short_proposal") == 4 * (n - 1));
    CHECK(!stage.rehearsal.sent().contains("hotstuff_proposal"));
    CHECK(stage.rehearsal.sent().contains("hotstuff_fetch") == (trouble == Trouble::lost));
    CHECK(stage.rehearsal.emitted<PhaseTimedOut>().empty());
    const auto completed = stage.rehearsal.emitted<RequestCompleted>();
    REQUIRE(completed.size() == 1);
    // As long as with full proposals; later by the 8 delays that the requests lagged behind the proposal; or by the
    // wait of a quarter of the timeout and the fetch.
    CHECK(hops(completed[0].time) == 9 + (trouble == Trouble::none ? 0 : trouble == Trouble::late ? 8 : 100 + 2));
    const Verdict verdict = stage.rehearsal.verdict("total_order");
    CHECK_MESSAGE(verdict.holds, verdict.detail);
  }
}

TEST_CASE("hotstuff: progress with f silent replicas of n, wherever they are") {
  for (std::uint32_t silent = 0; silent < 4; silent++) {
    CAPTURE(silent);
    Rehearsal rehearsal;
    rehearsal.set_network([silent](const lab::Letter& letter, Random&) {
      return index(letter.from) == silent ? std::vector<Duration>{} : std::vector{kHop};
    });
    rehearsal.add("replica", 4, "hotstuff{timeout=50ms}");
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
