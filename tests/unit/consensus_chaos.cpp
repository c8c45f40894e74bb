// Protocols of consensus in chaos: until the network heals, messages are lost, doubled, late and out of order, the
// group is split, replicas restart, and a Byzantine replica has two minds. Nothing may ever be decided twice or
// invented, no honest replica accused; and once the network has healed, what clients want must be done.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <string>
#include <vector>

#include "core/consensus_events.hpp"
#include "lab/rehearsal.hpp"

namespace conclave {
namespace {

using lab::Rehearsal;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kHeal = kStartOfRun + seconds(3);
constexpr Time kEnd = kHeal + seconds(30);

struct Chaos {
  std::string protocol;
  std::uint32_t n = 4;
  bool twins = false;
  bool split = false;
};

/// Who may talk to whom, drawn anew every 300 ms: all, or two sides.
bool connected(const lab::Letter& letter, Stream splits) {
  const std::uint64_t word = splits.at(static_cast<std::uint64_t>((letter.sent - kStartOfRun) / milliseconds(300)));
  if (word % 2 == 0) return true;
  const auto side = [&](AgentId id) { return word >> (8 + index(id)) & 1; };
  return side(letter.from) == side(letter.to);
}

lab::Rehearsal::Network network(bool split, std::uint64_t seed) {
  return [split, splits = Stream(seed, "splits")](const lab::Letter& letter, Random& random) -> std::vector<Duration> {
    if (letter.sent >= kHeal) return {milliseconds(1)};
    std::vector<Duration> copies;
    if (split && !connected(letter, splits)) return copies;
    const auto delay = [&] { return std::chrono::microseconds(100 + random.below(20'000)); };
    if (random.below(100) >= 15) copies.push_back(delay());
    if (random.below(100) < 10) copies.push_back(delay());
    return copies;
  };
}

void play(const Chaos& chaos, std::uint64_t seed) {
  CAPTURE(chaos.protocol);
  CAPTURE(chaos.n);
  CAPTURE(chaos.twins);
  CAPTURE(chaos.split);
  CAPTURE(seed);
  Rehearsal rehearsal(seed);
  rehearsal.set_network(network(chaos.split, seed));
  const AgentRange replicas = rehearsal.add("replica", chaos.n, chaos.protocol);
  const AgentRange clients = rehearsal.add("client", 3, "consensus_client{ask=all, retry=400ms}");
  Random random(Stream(seed, "chaos"));
  if (chaos.twins) rehearsal.make_twins(replicas[random.below(chaos.n)], milliseconds(100));
  rehearsal.start();
  for (const AgentId client : clients)
    for (int i = 0; i < 6; i++) rehearsal.request(client);
  for (Time at = kStartOfRun; at < kHeal; at += milliseconds(250)) {
    rehearsal.run_until(at);
    if (random.below(4) == 0) rehearsal.restart(replicas[random.below(chaos.n)]);
  }
  rehearsal.run_until(kEnd);
  for (const char* checker : {"agreement", "validity", "integrity", "total_order", "certificates", "accountability",
                              "belief", "deadlock", "progress{within=25s}"}) {
    const Verdict verdict = rehearsal.verdict(checker, kHeal);
    CHECK_MESSAGE(verdict.holds, verdict.detail);
  }
}

constexpr std::uint64_t kSeeds = 20;

void play_all(const std::string& protocol, bool bears_lies = true) {
  for (std::uint64_t seed = 1; seed <= kSeeds; seed++)
    for (const std::uint32_t n : {4u, 7u})
      for (const bool split : {false, true}) {
        play({protocol, n, false, split}, seed);
        if (bears_lies) play({protocol, n, true, split}, seed);
      }
}

}  // namespace

TEST_CASE("chaos: pbft") {
  play_all("pbft{view_timeout=200ms, resend=50ms, checkpoint=4, window=8}");
}

TEST_CASE("chaos: hotstuff") {
  play_all("hotstuff{timeout=50ms, timeout_max=2s}");
}

TEST_CASE("chaos: tendermint") {
  play_all("tendermint{timeout=50ms, timeout_step=20ms, gossip=50ms}");
}

TEST_CASE("chaos: raft") {
  play_all("raft", false);
  play_all("raft{pre_vote=true, check_quorum=true, entries_per_append=2, entries_in_flight=3}", false);
}

}  // namespace conclave
