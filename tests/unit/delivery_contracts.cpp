// The contracts of delivery, each put to the test: what is said to hold holds over links that lose a fifth of all
// messages, double and delay others, with the faults of its column; and what is said to be impossible is broken by an
// attack.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string>

#include "core/contracts.hpp"
#include "core/delivery_events.hpp"
#include "lab/rehearsal.hpp"

namespace conclave {
namespace {

using lab::Letter;
using lab::Rehearsal;
using std::chrono::milliseconds;

constexpr std::uint64_t kSeeds = 3;
constexpr std::uint32_t kPeers = 5;
constexpr int kRequests = 40;

Rehearsal::Network bad_links(Time heal) {
  return [heal](const Letter& letter, Random& random) -> std::vector<Duration> {
    if (letter.sent >= heal) return {milliseconds(1)};
    const auto delay = [&] { return std::chrono::microseconds(500 + random.below(40'000)); };
    std::vector<Duration> copies;
    if (random.below(100) >= 20) copies.push_back(delay());
    if (random.below(100) < 10) copies.push_back(delay());
    return copies;
  };
}

/// The layers with options that suit a short run.
std::string configured(std::string_view stack) {
  std::string text(stack);
  const auto give = [&](const std::string& layer, const std::string& options) {
    const std::size_t at = text.find(layer);
    if (at != std::string::npos) text.insert(at + layer.size(), options);
  };
  give("exactly_once", "{timeout=50ms, confirm=true}");
  give("at_least_once", "{timeout=50ms, confirm=true}");
  give("fifo", "{patience=100ms}");
  give("per_key", "{patience=100ms}");
  return text;
}

/// What the agents write: to one or to all, with everything that an order could look at.
std::string traffic(const DeliveryContract& contract) {
  const bool to_all = contract.order == DeliveryOrder::total;
  return fmt::format("traffic{{pattern={}, conversations=2, keys=3, requires=50%, answers={}, generations=6}}",
                     to_all ? "all" : "random", to_all ? "10%" : "40%");
}

/// The faults of a column, all of them at once.
void break_agents(Rehearsal& rehearsal, const DeliveryContract& contract, AgentRange peers) {
  // The sequencer is the first; it is never the one.
  if (contract.faults == FaultModel::crash_stop) rehearsal.misbehave(peers[4], "crash{at=300ms}");
  if (contract.faults == FaultModel::byzantine)
    rehearsal.misbehave(peers[4],
                        "replay_late{after=20, probability=50%}, slot_equivocation{probability=30%}, "
                        "sequence_jump{by=700, probability=10%}, withhold_acks{probability=50%}, starve_window, "
                        "epoch_rollback, nak_storm{naks=3}, false_ack{probability=30%}");
}

void expect_to_hold(const DeliveryContract& contract, std::uint64_t seed) {
  Rehearsal rehearsal(seed);
  const Time heal = kStartOfRun + std::chrono::seconds(4);
  rehearsal.set_network(bad_links(heal));
  const AgentRange peers = rehearsal.add("peer", kPeers, configured(contract.stack) + ", " + traffic(contract));
  break_agents(rehearsal, contract, peers);
  rehearsal.start();
  Random random(Stream(seed, "contracts"));
  for (int i = 0; i < kRequests; i++) {
    for (const AgentId peer : peers) rehearsal.request(peer);
    rehearsal.run_until(rehearsal.now() + milliseconds(20));
    if (contract.faults == FaultModel::crash_recovery && i % 4 == 0) rehearsal.restart(peers[random.below(kPeers)]);
  }
  rehearsal.run_until(heal + std::chrono::seconds(30));
  for (std::string check : checks_of(contract)) {
    if (check == "conservation") check = "conservation{within=20s}";
    if (check == "sender_belief" && contract.order != DeliveryOrder::none) check = "sender_belief{within=20s}";
    const Verdict verdict = rehearsal.verdict(check, heal);
    CHECK_MESSAGE(verdict.holds, check << ": " << verdict.detail);
  }
  CHECK(rehearsal.emitted<MessageReceived>().size() > kPeers * kRequests / 2);
}

/// Total order that survives its sequencer is that of consensus, under its own checkers.
void expect_consensus(const DeliveryContract& contract, std::uint64_t seed) {
  const bool lies = contract.faults == FaultModel::byzantine;
  Rehearsal rehearsal(seed);
  const Time heal = kStartOfRun + std::chrono::seconds(3);
  rehearsal.set_network(bad_links(heal));
  const std::string protocol = std::string(contract.stack) + (lies ? "{view_timeout=200ms, resend=50ms}" : "");
  const AgentRange replicas = rehearsal.add("replica", lies ? 4 : 5, protocol);
  const AgentRange clients = rehearsal.add("client", 2, "consensus_client{ask=all, retry=400ms}");
  if (lies) {
    rehearsal.make_twins(replicas[3], milliseconds(100));
  } else {
    rehearsal.misbehave(replicas[0], "crash{at=500ms}");
  }
  rehearsal.start();
  for (const AgentId client : clients)
    for (int i = 0; i < 5; i++) rehearsal.request(client);
  rehearsal.run_until(heal + std::chrono::seconds(30));
  for (const char* check : {"agreement", "validity", "integrity", "total_order", "progress{within=25s}"}) {
    const Verdict verdict = rehearsal.verdict(check, heal);
    CHECK_MESSAGE(verdict.holds, check << ": " << verdict.detail);
  }
}

/// peer[0] tells peer[2] something that takes until `arrives`, tells peer[1] something else, and perhaps stops. peer[1]
/// then writes to peer[2].
struct LostOrSlow {
  LostOrSlow(bool stops, Time arrives) {
    rehearsal.set_network([arrives](const Letter& letter, Random&) -> std::vector<Duration> {
      const bool late = index(letter.from) == 0 && index(letter.to) == 2 && letter.sent < arrives;
      return late ? std::vector<Duration>{} : std::vector<Duration>{milliseconds(1)};
    });
    const AgentRange peers = rehearsal.add("peer", 3, "exactly_once{timeout=50ms, confirm=true}, causal, traffic");
    if (stops) rehearsal.misbehave(peers[0], "crash{at=20ms}");
    rehearsal.start();
    for (int i = 0; i < 3; i++) rehearsal.request(peers[0]);  // to peer[1], peer[2], peer[1]
    rehearsal.run_until(kStartOfRun + milliseconds(30));
    rehearsal.request(peers[1]);  // to peer[2]
  }
  /// Messages that peer[2] has been handed by now.
  std::size_t received() const {
    std::size_t count = 0;
    for (const Event& event : rehearsal.emitted<MessageReceived>()) count += index(event.agent) == 2;
    return count;
  }
  Rehearsal rehearsal{1};
};

}  // namespace

TEST_CASE("delivery contracts: the matrix is complete and says why not") {
  CHECK(contracts().size() == 3u * 6u * 4u);
  std::set<std::string> cells;
  std::size_t impossible = 0;
  for (const DeliveryContract& contract : contracts()) {
    cells.insert(fmt::format("{}/{}/{}", name(contract.guarantee), name(contract.order), name(contract.faults)));
    CHECK((contract.status == ContractStatus::holds) == !contract.stack.empty());
    if (contract.status != ContractStatus::holds) CHECK(contract.reason.size() > 20);
    impossible += contract.status == ContractStatus::impossible;
  }
  CHECK(cells.size() == contracts().size());
  CHECK(impossible == 4);
  const std::string text = contracts_text();
  for (const char* part : {"at most once", "effectively once", "crash-recovery", "Byzantine", "imposs.", "per key"})
    CHECK(text.find(part) != std::string::npos);
}

TEST_CASE("delivery contracts: what is said to hold holds") {
  std::set<std::string> done;  // some cells promise the same of the same stack
  for (const DeliveryContract& contract : contracts()) {
    if (contract.status != ContractStatus::holds) continue;
    CAPTURE(std::string(name(contract.guarantee)));
    CAPTURE(std::string(name(contract.order)));
    CAPTURE(std::string(name(contract.faults)));
    const bool consensus = contract.stack == "raft" || contract.stack == "pbft";
    if (consensus && !done.insert(std::string(contract.stack)).second) continue;
    for (std::uint64_t seed = 1; seed <= kSeeds; seed++) {
      CAPTURE(seed);
      consensus ? expect_consensus(contract, seed) : expect_to_hold(contract, seed);
    }
  }
}

TEST_CASE("delivery contracts: causal order and liveness cannot both be had with one liar") {
  for (const DeliveryContract& contract : contracts()) {
    if (contract.status != ContractStatus::impossible || contract.faults != FaultModel::byzantine) continue;
    Rehearsal rehearsal(3);
    const AgentRange peers =
        rehearsal.add("peer", 4, "exactly_once{confirm=true}, causal, traffic{pattern=random, answers=30%}");
    rehearsal.misbehave(peers[3], "clock_inflation");
    rehearsal.start();
    for (int i = 0; i < 30; i++) {
      for (const AgentId peer : peers) rehearsal.request(peer);
      rehearsal.run_until(rehearsal.now() + milliseconds(20));
    }
    rehearsal.run_until(rehearsal.now() + std::chrono::seconds(60));
    CHECK(rehearsal.verdict("causal_order").holds);
    const Verdict verdict = rehearsal.verdict("conservation{within=20s}");
    CHECK(!verdict.holds);  // honest agents wait for each other's messages for ever
  }
}

TEST_CASE("delivery contracts: causal order and liveness cannot both be had if senders stop") {
  // To peer[2] the two runs look the same for ten seconds. If it had handed over what peer[1] wrote by then, that would
  // have been out of order in the second run; as it does not, it never does in the first.
  LostOrSlow lost(true, kStartOfRun + std::chrono::seconds(10)), slow(false, kStartOfRun + std::chrono::seconds(10));
  for (LostOrSlow* run : {&lost, &slow}) {
    run->rehearsal.run_until(kStartOfRun + std::chrono::seconds(10));
    CHECK(run->received() == 0);
  }
  lost.rehearsal.run_until(kStartOfRun + std::chrono::seconds(100));
  slow.rehearsal.run_until(kStartOfRun + std::chrono::seconds(100));
  CHECK(lost.received() == 0);
  CHECK(!lost.rehearsal.verdict("conservation{within=20s}").holds);
  CHECK(lost.rehearsal.verdict("causal_order").holds);
  CHECK(slow.received() == 2);
  CHECK(slow.rehearsal.verdict("conservation{within=20s}").holds);
  CHECK(slow.rehearsal.verdict("causal_order").holds);
}

}  // namespace conclave
