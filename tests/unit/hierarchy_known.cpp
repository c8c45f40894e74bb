// Known results about hierarchies, assignments, schedules and elections (docs/hierarchies.md, section "Known answers").
// Means are compared within four standard errors of the published value: each such test would be wrong by chance with
// probability below 1e-4, but seeds are fixed, so it either is or is not.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/distribution.hpp"
#include "core/hierarchy_events.hpp"
#include "lab/rehearsal.hpp"
#include "protocols/hierarchy/assignment.hpp"
#include "protocols/hierarchy/organisation.hpp"
#include "protocols/hierarchy/prediction.hpp"
#include "protocols/hierarchy/structure.hpp"
#include "protocols/hierarchy/succession.hpp"
#include "protocols/hierarchy/task_graph.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;
using lab::Rehearsal;

constexpr double kErrorsBorne = 4;

struct Mean {
  std::vector<double> values;
  double mean() const {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }
  double error() const {
    const double m = mean();
    double squares = 0;
    for (const double value : values) squares += (value - m) * (value - m);
    return std::sqrt(squares / static_cast<double>(values.size() - 1) / static_cast<double>(values.size()));
  }
};

/// n roles, n agents, costs in millionths from exp(1).
AssignmentProblem random_problem(std::size_t n, const Stream& draws) {
  AssignmentProblem problem;
  problem.agents = n;
  problem.counts.assign(n, 1);
  problem.penalties.assign(n, 1'000'000'000);
  problem.slots.assign(n, 1);
  for (std::size_t i = 0; i < n * n; i++)
    problem.costs.push_back(static_cast<std::int64_t>(draw_exponential(draws.at(i)) * 1e6));
  return problem;
}

std::vector<OrgNode> workers_under_root(std::uint32_t workers) {
  std::vector<OrgNode> nodes{{.position = 0, .holder = agent(0)}};
  for (std::uint32_t i = 1; i <= workers; i++)
    nodes.push_back({.position = i, .holder = agent(i), .parent = 0, .skills = 1});
  return nodes;
}

/// No task arrives: a rehearsal has no hosts to compute on.
std::vector<Duration> without_work(const lab::Letter& letter) {
  if (letter.body.type->name == "hierarchy_delegate") return {};
  return {lab::kHop};
}

std::uint64_t harmonic_millionths(std::uint32_t n) {
  double sum = 0;
  for (std::uint32_t k = 1; k <= n; k++) sum += 1.0 / k;
  return static_cast<std::uint64_t>(sum * 1e6);
}

}  // namespace

TEST_CASE("hierarchy known: random assignment costs the sum of 1/k² where greedy costs the harmonic number") {
  constexpr std::size_t n = 30;
  Mean greedy, optimal;
  for (std::uint64_t seed = 1; seed <= 200; seed++) {
    const AssignmentProblem problem = random_problem(n, Stream(seed, "known"));
    greedy.values.push_back(static_cast<double>(assign_greedily(problem).cost) / 1e6);
    const Solution solution = assign_optimally(problem);
    REQUIRE(solution.certificate.bound == solution.assignment.cost);
    REQUIRE(bound_of(problem, solution.certificate) == solution.assignment.cost);
    optimal.values.push_back(static_cast<double>(solution.assignment.cost) / 1e6);
  }
  double squares = 0;
  for (std::size_t k = 1; k <= n; k++) squares += 1.0 / static_cast<double>(k * k);
  CHECK(std::abs(optimal.mean() - squares) < kErrorsBorne * optimal.error());
  CHECK(std::abs(greedy.mean() - static_cast<double>(harmonic_millionths(n)) / 1e6) < kErrorsBorne * greedy.error());
  CHECK(greedy.mean() / optimal.mean() > 2);
}

TEST_CASE("hierarchy known: greedy leaves a role empty where all could be filled (kueue 4474)") {
  AssignmentProblem problem;
  problem.agents = 2;
  problem.counts = {1, 1};
  problem.penalties = {10'000, 10'000};
  problem.slots = {1, 1};
  problem.costs = {1, 2, 1, kForbidden};  // the second role can only go to the first agent
  CHECK(assign_greedily(problem).holders[1].empty());
  const Solution solution = assign_optimally(problem);
  CHECK(solution.assignment.holders == std::vector<std::vector<std::uint32_t>>{{1}, {0}});
  CHECK(solution.assignment.cost == 3);
  CHECK(solution.certificate.bound == 3);
}

TEST_CASE("hierarchy known: a dominated agent changes nothing, and other names only rename the result") {
  for (std::uint64_t seed = 1; seed <= 30; seed++) {
    CAPTURE(seed);
    const AssignmentProblem problem = random_problem(12, Stream(seed, "metamorphic"));
    const std::int64_t cost = assign_optimally(problem).assignment.cost;
    AssignmentProblem more = problem;
    more.agents++;
    more.slots.push_back(1);
    more.costs.clear();
    for (std::size_t role = 0; role < 12; role++) {
      std::int64_t worst = 0;
      for (std::size_t i = 0; i < 12; i++)
        more.costs.push_back(problem.cost(role, i)), worst = std::max(worst, problem.cost(role, i));
      more.costs.push_back(worst + 1);
    }
    CHECK(assign_optimally(more).assignment.cost == cost);
    AssignmentProblem turned = problem;
    for (std::size_t role = 0; role < 12; role++)
      for (std::size_t i = 0; i < 12; i++) turned.costs[role * 12 + i] = problem.cost(role, (i + 5) % 12);
    const Solution renamed = assign_optimally(turned);
    CHECK(renamed.assignment.cost == cost);
    const auto original = assign_optimally(problem).assignment.holders;
    for (std::size_t role = 0; role < 12; role++)
      CHECK((renamed.assignment.holders[role][0] + 5) % 12 == original[role][0]);
  }
}

TEST_CASE("hierarchy known: the best span solves s (ln s - 1) = latency / message cost") {
  CHECK(ideal_span(0) == doctest::Approx(2.718).epsilon(0.001));
  CHECK(ideal_span(1) == doctest::Approx(3.591).epsilon(0.001));
  CHECK(ideal_span(10) == doctest::Approx(8.64).epsilon(0.001));
  CHECK(ideal_span(100) == doctest::Approx(37.9).epsilon(0.002));
  // Among whole spans and whole levels the best one is never worse than those beside the ideal.
  for (const std::int64_t ratio : {0, 1, 10, 100}) {
    const ManagerCosts costs{Duration(1000 * ratio), Duration(1000), {}};
    for (const std::uint32_t members : {100u, 1000u, 10'000u}) {
      const Duration best = reach_time(members, best_span(members, costs), costs);
      const auto ideal = static_cast<std::uint32_t>(ideal_span(static_cast<double>(ratio)));
      CHECK(best <= reach_time(members, std::max(2u, ideal), costs));
      CHECK(best <= reach_time(members, ideal + 1, costs));
    }
  }
  // Whoever hears from each report every 10 ms and takes 1 ms for it can have no more than 9.
  CHECK(best_span(10'000, {.latency = 100ms, .message = 1ms, .report_every = 10ms}) <= 9);
  CHECK(best_span(10'000, {.latency = 100ms, .message = 1ms, .report_every = {}}) > 9);
}

TEST_CASE("hierarchy known: Graham's instance takes 4/3 - 1/(3m) of the best schedule") {
  std::vector<JobTask> tasks;
  for (const std::uint64_t length : {5u, 5u, 4u, 4u, 3u, 3u, 3u}) tasks.push_back({.flops = length * 1000});
  const auto predicted = predict({}, 1, tasks, workers_under_root(3), {},
                                 {.latency = {}, .message = {}, .bandwidth = {1'000'000'000}, .speed = {1'000}});
  CHECK(predicted.makespan == 11s);  // the best schedule takes 9 s: 5 + 4, 5 + 4, 3 + 3 + 3
  CHECK(predicted.lower == 9s);
}

TEST_CASE("hierarchy known: list schedules keep the bounds of Graham and Brent") {
  for (std::uint64_t seed = 1; seed <= 200; seed++) {
    CAPTURE(seed);
    const Stream draws(seed, "bounds");
    JobSection section;
    section.tasks = static_cast<std::uint32_t>(10 + draws.at(0) % 90);
    section.layers = static_cast<std::uint32_t>(1 + draws.at(1) % 10);
    section.fan_in = static_cast<std::uint32_t>(draws.at(2) % 4);
    section.spread = Probability::of(0.9);
    section.bytes = {0};
    const std::vector<JobTask> tasks = make_job(section, draws.child(3));
    const auto workers = static_cast<std::uint32_t>(1 + draws.at(4) % 12);
    const auto predicted =
        predict({}, 1, tasks, workers_under_root(workers), {},
                {.latency = {}, .message = {}, .bandwidth = {1'000'000'000}, .speed = {1'000'000'000}});
    // Each task's time is cut to whole nanoseconds.
    CHECK(predicted.makespan + Duration(100) >= predicted.lower);
    CHECK(predicted.makespan <= predicted.upper + Duration(100));
  }
}

TEST_CASE("hierarchy known: a tree is in place after 2 (n - 1) messages and 2 L delays") {
  for (const auto& [members, span, levels] :
       {std::tuple(21u, 4u, 2), std::tuple(25u, 24u, 1), std::tuple(31u, 2u, 4)}) {
    CAPTURE(members);
    Rehearsal rehearsal;
    rehearsal.add("member", members,
                  fmt::format("hierarchy_member{{structure=tree, span={}, electors=1, heartbeat=0s}}", span));
    const AgentRange owner = rehearsal.add("owner", 1, "job_owner{electors=1}");
    rehearsal.set_network([](const lab::Letter& letter, Random&) { return without_work(letter); });
    rehearsal.start();
    rehearsal.request(owner[0]);
    rehearsal.run_until(kStartOfRun + 2s);
    CHECK(rehearsal.sent().at("hierarchy_charter") + rehearsal.sent().at("hierarchy_joined") == 2 * (members - 1));
    const Event founded = rehearsal.emitted<StructureDesigned>().at(0),
                ready = rehearsal.emitted<StructureReady>().at(0);
    CHECK((ready.time - founded.time) / lab::kHop == 2 * levels);
  }
}

TEST_CASE("hierarchy known: charters without answers reach the sum of (s (1 - p))^l members") {
  // Four reports each, five levels, one message in twenty lost: 0.78753 of 1365 (docs/hierarchies.md).
  Mean reached;
  for (std::uint64_t seed = 1; seed <= 60; seed++) {
    Rehearsal rehearsal(seed);
    rehearsal.set_network([](const lab::Letter& letter, Random& random) {
      const bool charter = letter.body.type->name == "hierarchy_charter";
      if (charter && random.hits(Probability::of(0.05))) return std::vector<Duration>{};
      return std::vector<Duration>{lab::kHop};
    });
    rehearsal.add("member", 1365, "hierarchy_member{structure=tree, span=4, electors=1, heartbeat=0s, join_within=1h}");
    const AgentRange owner = rehearsal.add("owner", 1, "job_owner{electors=1, retry=1h}");
    rehearsal.start();
    rehearsal.request(owner[0]);
    rehearsal.run_until(kStartOfRun + 1s);
    reached.values.push_back(static_cast<double>(rehearsal.emitted<MemberJoined>().size()) / 1365);
  }
  CHECK(std::abs(reached.mean() - 0.78753) < kErrorsBorne * reached.error());
  CHECK(reached.error() < 0.02);
}

TEST_CASE("hierarchy known: a crash is noticed between d + t - h and d + t after it, evenly") {
  // Beat every 100 ms, timeout 350 ms, delay 1 ms.
  Mean silence;
  for (std::uint64_t seed = 1; seed <= 100; seed++) {
    CAPTURE(seed);
    Rehearsal rehearsal(seed);
    const Duration at = 1s + Duration(static_cast<std::int64_t>(Stream(seed, "crash").at(0) % 1'000'000'000));
    rehearsal.set_network([&](const lab::Letter& letter, Random&) {
      const bool dead = index(letter.from) == 1 && letter.sent >= kStartOfRun + at;
      return dead ? std::vector<Duration>{} : without_work(letter);
    });
    rehearsal.add("member", 3, "hierarchy_member{structure=flat, electors=1, heartbeat=100ms, timeout=350ms}");
    const AgentRange owner = rehearsal.add("owner", 1, "job_owner{electors=1}");
    rehearsal.start();
    rehearsal.request(owner[0]);
    rehearsal.run_until(kStartOfRun + 4s);
    const auto suspicions = rehearsal.emitted<Suspected>();
    const auto by_root = std::find_if(suspicions.begin(), suspicions.end(), [](const Event& event) {
      return index(event.agent) == 0 && index(event.record->as<Suspected>()->suspect) == 1;
    });
    REQUIRE(by_root != suspicions.end());
    const Duration noticed = by_root->time - kStartOfRun - at;
    CHECK(noticed >= 251ms);
    CHECK(noticed <= 351ms);
    silence.values.push_back(seconds(noticed));
  }
  CHECK(std::abs(silence.mean() - 0.301) < kErrorsBorne * silence.error());
  CHECK(silence.error() == doctest::Approx(0.1 / std::sqrt(12) / std::sqrt(100)).epsilon(0.25));
}

}  // namespace conclave
