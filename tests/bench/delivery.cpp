// Rows of delivery: what each layer costs in the simulator, as a factor on the same messages without a layer. A hundred
// agents write to each other on a network that loses nothing, so that the work is the layer's own.

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "bench/play.hpp"

namespace conclave::bench {

namespace {

constexpr std::uint32_t kAgents = 100;

/// `layers` as in a stack, each followed by a comma.
Case traffic(std::string name, std::uint32_t agents, std::uint32_t requests, const std::string& layers,
             const char* pattern) {
  return {std::move(name), [=] {
            const Played played =
                play(fmt::format("platform: {{ star: {{ hosts: {0}, latency: 500us, spread: 100ns }} }}\n"
                                 "agents:\n"
                                 "  - {{ group: peer, count: {0}, stack: [{1}traffic], traffic: {{ pattern: {2} }},\n"
                                 "      workload: {{ requests: {3}, every: 1ms, payload: 100B }} }}\n",
                                 agents, layers, pattern, requests));
            const std::uint32_t copies = std::string(pattern) == "all" ? agents - 1 : 1;
            return Measurement{played.loop_seconds, static_cast<double>(agents) * requests * copies};
          }};
}

Target times_slower(double limit) {
  return {.against = 1,
          .sense = Target::Sense::at_most,
          .limit = limit,
          .unit = "× slower",
          .figure = [](const Medians& medians) { return medians[0].seconds / medians[1].seconds; }};
}

Row unicast(const std::string& layers, double limit) {
  return {.title = fmt::format("unicasts with [{}]", layers.substr(0, layers.size() - 2)),
          .counts = "messages",
          .cases = {traffic("conclave", kAgents, 2000, layers, "turn"), traffic("no layer", kAgents, 2000, "", "turn")},
          .targets = {times_slower(limit)},
          .repeats = 3};
}

Row broadcast(const std::string& layers, std::uint32_t agents, std::uint32_t requests, double limit) {
  return {
      .title = fmt::format("broadcasts among {} with [{}]", agents, layers.substr(0, layers.size() - 2)),
      .counts = "messages",
      .cases = {traffic("conclave", agents, requests, layers, "all"), traffic("no layer", agents, requests, "", "all")},
      .targets = {times_slower(limit)},
      .repeats = 3};
}

}  // namespace

std::vector<Row> delivery_rows() {
  return {
      unicast("at_most_once, ", 2.5),
      unicast("at_least_once, ", 4.5),
      unicast("exactly_once, ", 4.5),
      unicast("fifo, ", 3),
      unicast("per_key, ", 3),
      unicast("dag, ", 3),
      unicast("witness, ", 3),
      unicast("exactly_once, fifo, ", 6),
      broadcast("exactly_once, ", kAgents, 50, 6),
      broadcast("causal, ", 10, 2000, 6),
      broadcast("sequencer, ", 10, 2000, 3),
  };
}

}  // namespace conclave::bench
