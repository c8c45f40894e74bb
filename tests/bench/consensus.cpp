// Rows of PBFT, from the first request to the last reply, under its four checkers.

#include <fmt/core.h>

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
  std::vector<Row> rows{modelled(32, 1), modelled(128, 5), modelled(1000, 200)};
  for (const std::uint32_t replicas : {32u, 128u, 1000u}) rows.push_back(ed25519(replicas));
  return rows;
}

}  // namespace conclave::bench
