// Rows of many agents.

#include "bench/bench.hpp"
#include "bench/play.hpp"

namespace conclave::bench {

namespace {

Measurement gossip() {
  return play(
             "platform: { star: { hosts: 100000, latency: 500us, spread: 1ns } }\n"
             "agents: [ { group: peer, count: 100000, stack: [bench_gossip], bench_gossip: { rumours: 4 } } ]\n")
      .messages();
}

/// From the text of the scenario to the end of the run.
Measurement idle() {
  const Stopwatch all;
  const Played played = play(
      "platform: { star: { hosts: 1000 } }\n"
      "agents: [ { group: sleeper, count: 1000000, stack: [bench_idle] } ]\n");
  return {all.seconds(), static_cast<double>(played.result.events)};
}

}  // namespace

std::vector<Row> scale_rows() {
  return {{.title = "100 000 agents gossiping to random receivers",
           .counts = "messages",
           .cases = {{"conclave", gossip}},
           .targets = {{.against = 0,
                        .sense = Target::Sense::at_least,
                        .limit = 2,
                        .unit = "M/s",
                        .figure = [](const Medians& medians) { return medians[0].rate() / 1e6; }}},
           .repeats = 3},
          {.title = "1 000 000 idle agents on 1 000 hosts, with set-up",
           .counts = "agents",
           .cases = {{"conclave", idle}},
           .targets = {{.against = 0,
                        .sense = Target::Sense::at_most,
                        .limit = 2,
                        .unit = "GiB",
                        .figure = [](const Medians& medians) { return medians[0].peak_mib / 1024; }}},
           .repeats = 3}};
}

}  // namespace conclave::bench
