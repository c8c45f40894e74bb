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

/// One request. Replicas that the network has kept from deciding are helped by the others, until all have.
Measurement faulty_decision(unsigned threads) {
  return play(
             "platform: { star: { hosts: 10001, latency: 500us, spread: 1ns } }\n"
             "crypto: { signatures: modelled }\n"
             "agents:\n"
             "  - { group: replica, count: 10000, stack: [pbft] }\n"
             "  - { group: client, count: 1, stack: [consensus_client], workload: { requests: 1 } }\n"
             "faults:\n"
             "  - { link: loss, probability: 1% }\n"
             "  - { link: jitter, mean: 500us }\n"
             "heal_at: 300ms\n"
             "checks: [agreement, validity, integrity, progress]\n",
             {}, threads)
      .messages();
}

Row many_replicas() {
  const auto gibibytes = [](const Medians& medians) { return medians[0].peak_mib / 1024; };
  const auto speedup = [](const Medians& medians) { return medians[0].seconds / medians[1].seconds; };
  return {
      .title = "one PBFT decision, n = 10 000, each message with its own loss and jitter",
      .counts = "messages",
      .cases = {{"conclave", [] { return faulty_decision(1); }}, {"two threads", [] { return faulty_decision(2); }}},
      .targets = {within_milliseconds(20'000),
                  {.against = 0, .sense = Target::Sense::at_most, .limit = 1, .unit = "GiB", .figure = gibibytes},
                  {.against = 1, .sense = Target::Sense::at_least, .limit = 1.6, .unit = "×", .figure = speedup}},
      .repeats = 1};
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
           .repeats = 3},
          many_replicas()};
}

}  // namespace conclave::bench
