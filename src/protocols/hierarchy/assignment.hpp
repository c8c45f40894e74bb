// Roles to agents. Each role wants a number of holders, each agent may hold a number of roles and has a capacity of
// each resource, each pair has a cost or cannot be; a role left empty costs its penalty. Costs are integers.
//
//   greedy    roles in the order of criticality, each takes the cheapest agents that are left: the baseline. On square
//             problems with costs drawn from exp(1) it costs H(n), where the optimum costs the sum of 1/k² (Aldous
//             2001)
//   optimal   min-cost flow (LEMON's network simplex), of which the rectangular assignment problem is the case that all
//             numbers are 1. The resources are priced into the costs by Lagrangian relaxation, and what exceeds them
//             after that is repaired
//
// The optimal method comes with a dual solution. By weak duality, for any prices u of roles (at most the penalty), v of
// agents and w of their resources (both at least 0), no assignment costs less than
//
//   sum of count u  -  sum of slots v  -  sum of capacity w  -  sum over pairs of max(0, u - v - cost - demand w)
//
// so whoever has the prices can check the bound without knowing how they were found.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace conclave {

/// A pair that cannot be.
inline constexpr std::int64_t kForbidden = -1;

struct AssignmentProblem {
  std::size_t agents = 0;
  std::vector<std::uint64_t> counts;     ///< by role
  std::vector<std::uint64_t> penalties;  ///< by role, for one left empty
  std::vector<std::uint64_t> slots;      ///< by agent
  std::size_t resources = 0;
  std::vector<std::uint64_t> demands;     ///< [role × resources + resource]
  std::vector<std::uint64_t> capacities;  ///< [agent × resources + resource]
  std::vector<std::int64_t> costs;        ///< [role × agents + agent]

  std::size_t roles() const { return counts.size(); }
  std::int64_t cost(std::size_t role, std::size_t agent) const { return costs[role * agents + agent]; }
};

struct RoleAssignment {
  std::vector<std::vector<std::uint32_t>> holders;  ///< by role: agents, ascending
  std::int64_t cost = 0;                            ///< penalties included
};

/// See above. A bound of 0 with empty prices claims nothing.
struct DualCertificate {
  std::int64_t bound = 0;
  std::vector<std::int64_t> roles;
  std::vector<std::int64_t> agents;
  std::vector<std::int64_t> resources;
};

struct Solution {
  RoleAssignment assignment;
  DualCertificate certificate;
};

/// Takes roles in the order given, which is that of their criticality.
RoleAssignment assign_greedily(const AssignmentProblem& problem);
/// Optimal if bound and cost are equal, as they are without resources; otherwise the difference is the gap.
Solution assign_optimally(const AssignmentProblem& problem);

std::int64_t cost_of(const AssignmentProblem& problem, const std::vector<std::vector<std::uint32_t>>& holders);
/// What the prices prove.
std::int64_t bound_of(const AssignmentProblem& problem, const DualCertificate& prices);

}  // namespace conclave
