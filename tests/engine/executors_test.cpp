// Both executors, and any number of threads, must give one result: the same fingerprint on random traffic over every
// kind of platform, with several agents a host, outages, timers, busy agents, single messages, lists and broadcasts.

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/stage.hpp"

using namespace conclave;
using namespace conclave::stage;
using namespace std::chrono_literals;

namespace {

/// What an agent does when it hears something: now and then it sends, to one, to some, to all; it sets and cancels
/// timers.
void chatter(const View& view, const Input& input, Outbox& out) {
  constexpr std::uint64_t kStepsMax = 40;  // so that the chatter dies down
  if (view.random.drawn() > kStepsMax * 3) return;
  const std::uint64_t choice = view.random.below(10);
  const auto other = view.peers[view.random.below(view.peers.count)];
  const auto size = static_cast<std::uint32_t>(20 + view.random.below(4) * 300);
  if (std::holds_alternative<Start>(input) && index(view.self) % 3 == 0) return out.broadcast(view.peers, parcel(size));
  if (choice < 3) out.send(other, parcel(size, index(view.self)));
  if (choice == 3) out.broadcast(view.peers, parcel(size));
  if (choice == 4) out.broadcast({view.peers.first, view.peers.count / 2}, parcel(size));
  if (choice == 5)
    out.multicast({view.peers[0], view.peers[view.peers.count / 2], view.peers[view.peers.count - 1]}, parcel(size));
  if (choice == 6) out.set_timer({.name = 1, .id = view.random.below(3)}, Duration(view.random.below(5'000'000)));
  if (choice == 7) out.cancel_timer({.name = 1, .id = view.random.below(3)});
  if (choice == 8) out.emit(Parcel{.label = size});
}

/// Runs in a child process, for SimGrid runs once per process. The fingerprint, and how many messages were delivered.
std::string run_in_child(const std::string& yaml, const std::string& executor, unsigned threads) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const Recording run = play(yaml + "executor: " + executor + "\n", chatter, {}, threads);
    const std::string text =
        fmt::format("{} {} {}", run.result.fingerprint.text(), run.result.metrics.json(), run.events.size());
    static_cast<void>(!write(ends[1], text.data(), text.size()));
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  return text;
}

void compare(const std::string& yaml) {
  for (const int seed : {1, 2, 3}) {
    const std::string seeded = yaml + fmt::format("seed: {}\n", seed);
    const std::string exact = run_in_child(seeded, "exact", 1);
    CHECK(exact.size() > 100);
    CHECK(exact.find("\"messages_delivered\":0,") == std::string::npos);
    for (const unsigned threads : {1u, 2u, 5u}) CHECK(run_in_child(seeded, "windowed", threads) == exact);
  }
}

std::string agents(std::uint32_t count, const std::string& more = "") {
  return fmt::format(
      "agents: [ {{ group: actor, count: {}, stack: [test_actor]{} }} ]\nnetwork: {{ header: 0B, loopback: 40us }}\n",
      count, more);
}

}  // namespace

TEST_CASE("executors agree on a star") {
  compare("platform: { star: { hosts: 30, latency: 200us, bandwidth: 100Mbps } }\n" + agents(30));
}

TEST_CASE("executors agree where latencies tie") {
  compare("platform: { star: { hosts: 30, latency: 200us, bandwidth: 100Tbps } }\n" + agents(30));
}

TEST_CASE("executors agree with several agents a host") {
  compare("platform: { star: { hosts: 7, latency: 200us, spread: 13us, bandwidth: 50Mbps } }\n" + agents(30));
}

TEST_CASE("executors agree with busy agents") {
  compare("platform: { star: { hosts: 12, latency: 150us, bandwidth: 1Gbps } }\n" + agents(24, ", handling: 90us"));
}

TEST_CASE("executors agree across regions") {
  compare(
      "platform: { regions: { names: [a, b, c], hosts: 6, bandwidth: 20Mbps, core_bandwidth: 10Mbps,\n"
      "  round_trips: [[1ms, 20ms, 31ms], [20ms, 2ms, 47ms], [31ms, 47ms, 3ms]] } }\n" +
      agents(25));
}

TEST_CASE("executors agree through outages of hosts and links") {
  compare("platform: { cluster: { racks: 3, hosts: 4, bandwidth: 30Mbps, uplink_bandwidth: 30Mbps } }\n" + agents(18) +
          "outages:\n"
          "  - { host: rack-1-host-2, at: 2ms, until: 9ms }\n"
          "  - { host: rack-0-host-0, at: 0s, until: 3ms }\n"
          "  - { link: rack-2.uplink, at: 1ms, until: 4ms }\n"
          "  - { link: rack-0-host-1.link, at: 3ms, until: 6ms }\n");
}

namespace {

constexpr const char* kEveryLinkRule =
    "faults:\n"
    "  - { link: loss, probability: 5% }\n"
    "  - { link: burst_loss, good: 5ms, bad: 1ms, senders: \"actor[3]\" }\n"
    "  - { link: jitter, distribution: exponential, mean: 300us }\n"
    "  - { link: slow, by: 20ms, agents: \"actor[1]\" }\n"
    "  - { link: reorder, spread: 2ms, probability: 20%, from: 3ms }\n"
    "  - { link: duplicate, copies: 2, within: 900us, probability: 15% }\n"
    "  - { link: bandwidth, limit: 2Mbps, agents: \"actor[5..6]\", from: 1ms, until: 6ms }\n"
    "  - { link: partition, between: [\"actor[0..4]\", \"actor[5..]\"], from: 4ms, until: 5ms }\n";

/// The rules above for this number of agents.
std::string every_link_rule(std::uint32_t count) {
  std::string rules = kEveryLinkRule;
  rules.replace(rules.find("5..]"), 4, fmt::format("5..{}]", count - 1));
  return rules;
}

}  // namespace

TEST_CASE("executors agree through every link rule") {
  compare("platform: { star: { hosts: 30, latency: 200us, bandwidth: 100Mbps } }\n" + agents(30) + every_link_rule(30));
}

TEST_CASE("executors agree through link rules with several agents a host") {
  compare("platform: { star: { hosts: 7, latency: 200us, spread: 13us, bandwidth: 50Mbps } }\n" +
          agents(30, ", handling: 20us") + every_link_rule(30));
}

TEST_CASE("executors agree through link rules and outages") {
  compare("platform: { cluster: { racks: 3, hosts: 4, bandwidth: 30Mbps, uplink_bandwidth: 30Mbps } }\n" + agents(18) +
          every_link_rule(18) +
          "outages:\n"
          "  - { host: rack-1-host-2, at: 2ms, until: 9ms }\n"
          "  - { link: rack-2.uplink, at: 1ms, until: 4ms }\n");
}

TEST_CASE("executors agree on a workload") {
  compare("platform: { star: { hosts: 20, latency: 200us, bandwidth: 100Mbps } }\n" +
          agents(20, ", workload: { requests: 5, every: 700us }"));
}

TEST_CASE("executors agree when the run ends inside a window") {
  compare("platform: { star: { hosts: 20, latency: 400us, bandwidth: 100Mbps } }\nstop_at: 5300us\n" + agents(20));
}

TEST_CASE("executors agree while agents misbehave in every way") {
  compare("platform: { star: { hosts: 20, latency: 200us, bandwidth: 100Mbps } }\n" + agents(20, ", handling: 5us") +
          "outages: [ { host: host-9, at: 4ms, until: 6ms } ]\n"
          "faults:\n"
          "  - { behaviour: silent, agents: \"actor[0]\", from: 2ms, until: 4ms }\n"
          "  - { behaviour: crash, agents: \"actor[1]\", at: 3ms }\n"
          "  - { behaviour: crash_recover, agents: \"actor[2]\", at: 1ms, until: 3ms, state: lost }\n"
          "  - { behaviour: crash_recover, agents: \"actor[9]\", at: 1ms, until: 5ms }\n"
          "  - { behaviour: slow, agents: \"actor[3..4]\", by: 300us, probability: 50% }\n"
          "  - { behaviour: omit, agents: \"actor[4..5]\", sends: 30%, receives: 30% }\n"
          "  - { behaviour: delay, agents: \"actor[5..6]\", by: 1ms, spread: 2ms }\n"
          "  - { behaviour: replay, agents: \"actor[6..7]\", probability: 30% }\n"
          "  - { behaviour: corrupt_bytes, agents: \"actor[7..8]\", probability: 50% }\n"
          "  - { behaviour: forge_signature, agents: \"actor[8]\" }\n"
          "  - { behaviour: equivocate, agents: \"actor[10..12]\" }\n"
          "  - { behaviour: twins, agents: \"actor[12..14]\" }\n");
}

TEST_CASE("windows are refused where they cannot work") {
  const std::string star = "platform: { star: { hosts: 2 } }\nexecutor: windowed\n";
  const std::string two = "agents: [ { group: actor, count: 2, stack: [test_actor] } ]\n";
  CHECK(refusal(star + two + "network: { model: flow }\n").find("SimGrid flows") != std::string::npos);
  CHECK(refusal("platform: { star: { hosts: 2, latency: 100ns } }\nexecutor: windowed\n" + two)
            .find("smallest latency") != std::string::npos);
}
