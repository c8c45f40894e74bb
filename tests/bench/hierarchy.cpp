// Rows of hierarchies: one of ten thousand members, and the assignment of a thousand roles to a thousand agents.

#include "bench/bench.hpp"
#include "bench/play.hpp"
#include "core/distribution.hpp"
#include "protocols/hierarchy/assignment.hpp"

namespace conclave::bench {

namespace {

constexpr std::size_t kRoles = 1000;

Measurement ten_thousand_members() {
  return play(
             "platform: { star: { hosts: 10001, latency: 500us } }\n"
             "crypto: { signatures: modelled }\n"
             "agents:\n"
             "  - { group: member, count: 10000, stack: [hierarchy_member], hierarchy_member: { heartbeat: "
             "0s } }\n"
             "  - { group: owner, count: 1, stack: [job_owner], job_owner: { job: { tasks: 10000, layers: 4, work: "
             "200Mf "
             "} }, workload: { requests: 1, every: 1s } }\n"
             "checks: [tree, completion, assignment_certificate, prediction]\n")
      .messages();
}

/// Costs from exp(1), in millionths: the optimum is near π²/6 = 1.64, greedy choice near H(1000) = 7.49.
AssignmentProblem thousand_by_thousand() {
  AssignmentProblem problem;
  problem.agents = kRoles;
  problem.counts.assign(kRoles, 1);
  problem.penalties.assign(kRoles, 1'000'000'000);
  problem.slots.assign(kRoles, 1);
  const Stream draws(1, "assignment");
  for (std::size_t i = 0; i < kRoles * kRoles; i++)
    problem.costs.push_back(static_cast<std::int64_t>(draw_exponential(draws.at(i)) * 1e6));
  return problem;
}

Measurement optimal() {
  const AssignmentProblem problem = thousand_by_thousand();
  const Stopwatch watch;
  const Solution solution = assign_optimally(problem);
  const double seconds = watch.seconds();
  const bool proven = bound_of(problem, solution.certificate) == solution.assignment.cost;
  return {seconds, proven ? static_cast<double>(kRoles) : 0};
}

Measurement greedy() {
  const AssignmentProblem problem = thousand_by_thousand();
  const Stopwatch watch;
  const RoleAssignment assignment = assign_greedily(problem);
  return {watch.seconds(), static_cast<double>(assignment.holders.size())};
}

}  // namespace

std::vector<Row> hierarchy_rows() {
  return {{.title = "10 000 members in one hierarchy, a job of 10 000 tasks",
           .counts = "messages",
           .cases = {{"conclave", ten_thousand_members}},
           .targets = {within_milliseconds(10'000)},
           .repeats = 3},
          {.title = "1 000 roles to 1 000 agents, the optimum with its proof; a quarter of what greedy costs",
           .counts = "roles",
           .cases = {{"conclave", optimal}, {"greedy choice", greedy}},
           .targets = {within_milliseconds(5000), times_faster(1, 0.001)},
           .repeats = 3}};
}

}  // namespace conclave::bench
