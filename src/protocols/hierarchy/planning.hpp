// From a job and the profiles of those who have registered to an organisation: a shape, and who stands where in it.
//
// Managers first, by level, then those who work, by skill: what is more critical chooses first, and nobody both manages
// and works. Before an agent is considered for a role it must pass: at least the ability without which the role is not
// given, and room for what the role demands. What it lacks of the ability that the role needs is made up by time.
#pragma once

#include <map>
#include <vector>

#include "core/hierarchy_events.hpp"
#include "protocols/hierarchy/assignment.hpp"
#include "protocols/hierarchy/messages.hpp"
#include "protocols/hierarchy/profile.hpp"
#include "protocols/hierarchy/structure.hpp"

namespace conclave {

enum class AssignmentMethod { greedy, optimal };
template <>
struct Choices<AssignmentMethod> {
  static constexpr std::pair<AssignmentMethod, std::string_view> kNames[] = {{AssignmentMethod::greedy, "greedy"},
                                                                             {AssignmentMethod::optimal, "optimal"}};
};

/// What becomes of tasks whose role nobody holds.
enum class Fallback { generalist, manager, report };
template <>
struct Choices<Fallback> {
  static constexpr std::pair<Fallback, std::string_view> kNames[] = {
      {Fallback::generalist, "generalist"}, {Fallback::manager, "manager"}, {Fallback::report, "report"}};
};
std::string_view name(Fallback fallback);

struct PlanningRules {
  StructureKind structure = StructureKind::tree;
  std::uint32_t span = 0;
  AssignmentMethod method = AssignmentMethod::optimal;
  Fallback fallback = Fallback::generalist;
  std::vector<RoleSection> roles;
  std::uint32_t lead_needs = 60;
  std::uint32_t lead_least = 20;
  std::size_t resources = 0;
  std::uint32_t switching = 100;  ///< what it costs that an agent takes another role than it has
  ManagerCosts costs;
};

/// What an agent does already, and how much of it has been seen.
struct Incumbency {
  std::map<AgentId, std::uint32_t> skills;  ///< 0 for managers
  std::map<AgentId, std::uint32_t> seen;    ///< tasks that it has done
};

struct JobPlan {
  std::vector<OrgNode> nodes;     ///< by position; none is appointed yet
  std::vector<RecordPtr> events;  ///< what to say of it
  std::uint32_t uncovered = 0;    ///< bit k: nobody works at tasks of kind k
};

/// Requires the profile of `root`, who plans and stands at the top.
JobPlan make_plan(AgentId root, Epoch epoch, const Profiles& profiles, const std::vector<JobTask>& tasks,
                  const PlanningRules& rules, const Incumbency& incumbency);

}  // namespace conclave
