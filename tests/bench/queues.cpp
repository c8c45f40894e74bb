// Rows against bare event loops.

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "bench/loops.hpp"
#include "bench/play.hpp"

namespace conclave::bench {

namespace {

constexpr std::uint32_t kAgents = 1000;
constexpr std::uint32_t kQuestions = 1000;
constexpr std::uint32_t kTimersEach = 1000;
constexpr std::uint32_t kRounds = 2;
constexpr std::int64_t kSerialisation = 1600;  // of 200 bytes over 1 Gbit/s

Played play_agents(const std::string& protocol, const std::string& options, const std::string& bandwidth = "1Gbps") {
  return play(
      fmt::format("platform: {{ star: {{ hosts: {0}, latency: 500us, spread: 100ns, bandwidth: {3} }} }}\n"
                  "network: {{ header: 0B }}\n"
                  "agents: [ {{ group: actor, count: {0}, stack: [{1}], {1}: {{ {2} }} }} ]\n",
                  kAgents, protocol, options, bandwidth));
}

Row unicast() {
  const std::vector<Case> cases{
      {"conclave", [] { return play_agents("bench_ask", fmt::format("questions: {}", kQuestions)).messages(); }},
      {"bare heap", [] {
         return questions_by_heap({kAgents, kSerialisation}, kQuestions);
       }}};
  return {.title = fmt::format("unicast request-reply, n = {}", kAgents),
          .counts = "messages",
          .cases = cases,
          .targets = {times_faster(1, 0.5)}};
}

Row timers() {
  const std::vector<Case> cases{
      {"conclave",
       [] {
         const Played played = play_agents("bench_timers", fmt::format("timers: {}", kTimersEach));
         return Measurement{played.loop_seconds, 2.0 * static_cast<double>(played.result.metrics.timers_fired)};
       }},
      {"bare heap", [] { return timers_by_heap(kAgents * kTimersEach); }}};
  return {.title = "timers, every other one cancelled",
          .counts = "timers",
          .cases = cases,
          .targets = {times_faster(1, 0.5)}};
}

Row rounds(const std::string& title, const std::string& bandwidth, std::int64_t serialisation) {
  const std::vector<Case> cases{
      {"conclave",
       [=] { return play_agents("bench_rounds", fmt::format("rounds: {}", kRounds), bandwidth).messages(); }},
      {"bare heap",
       [=] {
         return rounds_by_heap({kAgents, serialisation}, kRounds);
       }},
      {"bare windows", [=] {
         return rounds_by_windows({kAgents, serialisation}, kRounds);
       }}};
  return {.title = title, .counts = "messages", .cases = cases, .targets = {times_faster(1, 2), times_faster(2, 0.3)}};
}

}  // namespace

std::vector<Row> queue_rows() {
  return {unicast(), timers(),
          rounds(fmt::format("broadcast rounds, n = {}, links that queue", kAgents), "1Gbps", kSerialisation),
          rounds(fmt::format("broadcast rounds, n = {}, links that never queue", kAgents), "100Tbps", 0)};
}

}  // namespace conclave::bench
