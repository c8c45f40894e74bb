// Rows of consensus protocols: one decision, from the request to the last reply, under the checkers of safety.

#include <fmt/core.h>

#include <array>
#include <utility>

#include "bench/bench.hpp"
#include "bench/play.hpp"
#include "core/crypto.hpp"

namespace conclave::bench {

namespace {

Played play_decision(std::uint32_t replicas, const char* signatures) {
  return play(
      fmt::format("platform: {{ star: {{ hosts: {}, latency: 500us, spread: 100ns }} }}\n"
                  "crypto: {{ signatures: {} }}\n"
                  "agents:\n"
                  "  - {{ group: replica, count: {}, stack: [pbft] }}\n"
                  "  - {{ group: client, count: 1, stack: [consensus_client], workload: {{ requests: 1 }},\n"
                  "      consensus_client: {{ retry: 10s }} }}\n"
                  "checks: [agreement, validity, integrity, progress]\n",
                  replicas + 1, signatures, replicas));
}

Case decision(std::string name, std::uint32_t replicas, const char* signatures) {
  return {std::move(name), [=] { return Measurement{play_decision(replicas, signatures).loop_seconds, 1}; }};
}

/// One signature and one verification for each distinct message: request, pre-prepare, prepares, commits and replies.
Measurement sign_and_verify(std::uint32_t replicas) {
  const std::uint32_t messages = 1 + 1 + (replicas - 1) + replicas + replicas;
  const std::string text(80, 'x');  // as long as a vote
  const KeyRing ring(SignatureScheme::ed25519, 1, replicas);
  for (std::uint32_t i = 0; i < replicas; i++) Signer(ring, agent(i)).sign(text);  // makes the keys
  const Stopwatch loop;
  std::uint32_t valid = 0;
  for (std::uint32_t i = 0; i < messages; i++) {
    valid += ring.valid(Signer(ring, agent(i % replicas)).sign(text), text);
  }
  return {loop.seconds(), valid == messages ? 1.0 : 0.0};
}

Row modelled(std::uint32_t replicas, double limit_ms) {
  return {.title = fmt::format("one PBFT decision, n = {}, crypto modelled", replicas),
          .counts = "decisions",
          .cases = {decision("conclave", replicas, "modelled")},
          .targets = {within_milliseconds(limit_ms)}};
}

/// A protocol and what its decision needs around it.
struct Contender {
  std::string name;   ///< as people write it
  std::string group;  ///< the rest of the replicas' entry
  std::string clients =
      "  - { group: client, count: 1, stack: [consensus_client], workload: { requests: 1 },\n"
      "      consensus_client: { ask: all, retry: 10s } }\n";
  std::string checks = "[agreement, validity, integrity, progress]";
};

Measurement decide(const Contender& contender, std::uint32_t replicas) {
  const Played played =
      play(fmt::format("platform: {{ star: {{ hosts: {}, latency: 500us, spread: 100ns }} }}\n"
                       "crypto: {{ signatures: modelled }}\n"
                       "agents:\n"
                       "  - {{ group: replica, count: {}, {} }}\n"
                       "{}"
                       "checks: {}\n",
                       replicas + 1, replicas, contender.group, contender.clients, contender.checks));
  return {played.loop_seconds, 1};
}

Row one_decision(const Contender& contender, std::uint32_t replicas, double limit_ms) {
  return {.title = fmt::format("one {} decision, n = {}, crypto modelled", contender.name, replicas),
          .counts = "decisions",
          .cases = {{"conclave", [=] { return decide(contender, replicas); }}},
          .targets = {within_milliseconds(limit_ms)}};
}

/// For n = 4, 32, 128 and 1 000. Where everyone votes before everyone the limits are PBFT's.
std::vector<Row> rows_of(const Contender& contender, const std::array<double, 4>& limits_ms) {
  constexpr std::array<std::uint32_t, 4> kReplicas{4, 32, 128, 1000};
  std::vector<Row> rows;
  for (std::size_t i = 0; i < kReplicas.size(); i++)
    rows.push_back(one_decision(contender, kReplicas[i], limits_ms[i]));
  return rows;
}

Row ed25519(std::uint32_t replicas) {
  const auto beyond_modelled = [](const Medians& medians) {
    return (medians[0].seconds - medians[1].seconds) / medians[2].seconds;
  };
  return {.title = fmt::format("one PBFT decision, n = {}, Ed25519 less modelled", replicas),
          .counts = "decisions",
          .cases = {decision("conclave", replicas, "ed25519"),
                    decision("crypto modelled", replicas, "modelled"),
                    {"its signatures alone", [=] { return sign_and_verify(replicas); }}},
          .targets = {
              {.against = 2, .sense = Target::Sense::at_most, .limit = 1.5, .unit = "×", .figure = beyond_modelled}}};
}

}  // namespace

std::vector<Row> consensus_rows() {
  std::vector<Row> rows{modelled(4, 0.5), modelled(32, 1), modelled(128, 5), modelled(1000, 200)};
  constexpr std::array kAllToAll{0.5, 1.0, 5.0, 200.0}, kThroughTheLeader{0.5, 0.5, 1.0, 10.0};
  const Contender hotstuff{"HotStuff", "stack: [hotstuff]"}, tendermint{"Tendermint", "stack: [tendermint]"};
  // Patience so long that nothing but an election and one request happens.
  const Contender raft{"Raft",
                       "stack: [raft], raft: { election_timeout: 40min, election_spread: 10min, heartbeat: 30min }",
                       "  - { group: client, count: 1, stack: [consensus_client], workload: { requests: 1 },\n"
                       "      consensus_client: { retry: 2h } }\n",
                       "[agreement, validity, integrity]"};
  const Contender bracha{"Bracha", "stack: [bracha], bracha: { origins: 1 }, workload: { requests: 1 }", "",
                         "[reliable_broadcast]"};
  const std::vector<std::pair<Contender, std::array<double, 4>>> contenders{
      {hotstuff, kThroughTheLeader}, {tendermint, kAllToAll}, {raft, kThroughTheLeader}, {bracha, kAllToAll}};
  for (const auto& [contender, limits] : contenders)
    for (Row& row : rows_of(contender, limits)) rows.push_back(std::move(row));
  for (const std::uint32_t replicas : {32u, 128u, 1000u}) rows.push_back(ed25519(replicas));
  return rows;
}

}  // namespace conclave::bench
