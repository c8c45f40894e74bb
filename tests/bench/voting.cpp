// Rows against SimGrid's actors.

#include <fmt/core.h>

#include "bench/bench.hpp"
#include "bench/play.hpp"
#include "bench/simgrid_actors.hpp"

namespace conclave::bench {

namespace {

constexpr std::uint32_t kAgents = 100;

Case ours(std::uint32_t rounds) {
  return {"conclave", [rounds] {
            return play(fmt::format("platform: {{ star: {{ hosts: {0}, latency: 500us, spread: 100ns }} }}\n"
                                    "network: {{ header: 0B }}\n"
                                    "agents: [ {{ group: voter, count: {0}, stack: [bench_rounds],"
                                    " bench_rounds: {{ rounds: {1} }} }} ]\n",
                                    kAgents, rounds))
                .messages();
          }};
}

Case actors(std::string name, std::uint32_t rounds, ActorsForm form) {
  return {std::move(name), [=] { return vote_with_actors(kAgents, rounds, form); }};
}

}  // namespace

std::vector<Row> voting_rows() {
  // One round: the plain form slows down as rounds overlap.
  return {{.title = fmt::format("all-to-all voting, n = {}, 1 round", kAgents),
           .counts = "messages",
           .cases = {ours(1), actors("SimGrid actors, default form", 1, ActorsForm::plain)},
           .targets = {times_faster(1, 2000)},
           .repeats = 3},
          {.title = fmt::format("all-to-all voting, n = {}, 5 rounds", kAgents),
           .counts = "messages",
           .cases = {ours(5), actors("SimGrid actors, fastest form", 5, ActorsForm::fastest)},
           .targets = {times_faster(1, 50)}}};
}

}  // namespace conclave::bench
