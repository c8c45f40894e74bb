#include "protocols/hierarchy/planning.hpp"

#include <fmt/core.h>

#include <Eigen/Core>
#include <algorithm>
#include <set>

namespace conclave {

std::string_view name(Fallback fallback) {
  for (const auto& [each, text] : Choices<Fallback>::kNames)
    if (each == fallback) return text;
  return {};
}

namespace {

/// Cost of the worst choice for a role of criticality 1, in suitability lost.
constexpr std::uint32_t kWhole = 1000;
/// An empty role costs as much as so many of the worst choices.
constexpr std::uint64_t kEmptyWeight = 10;

/// A role as the assignment sees it.
struct Wanted {
  std::string name;
  std::uint32_t skill = 0;  ///< index into abilities
  std::uint32_t needs = 0;
  std::uint32_t least = 0;
  std::uint64_t criticality = 1;
  std::uint64_t count = 0;
  std::uint32_t mask = 0;  ///< of the skill among the kinds of tasks; 0 for managers
  std::vector<std::uint32_t> demand;
};

class Planner {
 public:
  Planner(AgentId root, Epoch epoch, const Profiles& profiles, const PlanningRules& rules, const Incumbency& incumbency)
      : root_(root), epoch_(epoch), profiles_(profiles), rules_(rules), incumbency_(incumbency) {}

  JobPlan plan(const std::vector<JobTask>& tasks) {
    const Shape shape =
        design(rules_.structure, static_cast<std::uint32_t>(profiles_.size()), rules_.span, rules_.costs);
    StructureDesigned designed;
    designed.epoch = epoch_;
    designed.structure = name(shape.kind);
    designed.members = shape.members();
    designed.managers = shape.managers;
    designed.levels = shape.levels;
    designed.span = shape.span;
    designed.reason = shape.reason;
    say(std::move(designed));
    place_managers(shape);
    place_workers(shape, tasks);
    return std::move(plan_);
  }

 private:
  template <class Kind>
  void say(Kind event) {
    plan_.events.push_back(share(std::move(event)));
  }

  // Managers: one role a level.

  void place_managers(const Shape& shape) {
    put(0, root_, lead_role(0, shape), 0, shape);
    if (shape.managers <= 1) return;
    std::vector<Wanted> wanted;
    for (std::uint32_t position = 1; position < shape.managers; position++) {
      if (wanted.size() < shape.level[position]) wanted.push_back(lead_role(shape.level[position], shape));
      wanted.back().count++;
    }
    const auto holders = assign("managers", wanted);
    std::uint32_t position = 1;
    for (std::size_t role = 0; role < wanted.size(); role++) {
      std::uint32_t last = position + static_cast<std::uint32_t>(wanted[role].count);
      for (const AgentId holder : holders[role]) put(position++, holder, wanted[role], 0, shape);
      // A place that nobody can take falls to the best leader among the others, able or not.
      for (; position < last; position++) {
        const AgentId stopgap = best_leader();
        if (stopgap != kNobody) put(position, stopgap, wanted[role], 0, shape);
      }
    }
  }

  Wanted lead_role(std::uint32_t level, const Shape& shape) const {
    return {.name = level == 0 ? "root" : fmt::format("manager {}", level),
            .skill = kLead,
            .needs = rules_.lead_needs,
            .least = rules_.lead_least,
            .criticality = 1 + shape.levels - level,
            .count = 0,
            .mask = 0,
            .demand = std::vector<std::uint32_t>(rules_.resources)};
  }

  AgentId best_leader() const {
    AgentId best = kNobody;
    for (const auto& [agent, profile] : profiles_)
      if (!placed_.contains(agent) &&
          (best == kNobody || profile.abilities[kLead] > profiles_.at(best).abilities[kLead]))
        best = agent;
    return best;
  }

  // Workers: one role a skill; how many hold it follows from how much of the work takes it.

  void place_workers(const Shape& shape, const std::vector<JobTask>& tasks) {
    const std::vector<Wanted> wanted = work_roles(tasks);
    const auto holders = assign("workers", wanted);
    std::map<AgentId, std::uint32_t> skills;
    for (std::size_t role = 0; role < wanted.size(); role++)
      for (const AgentId holder : holders[role]) skills[holder] |= wanted[role].mask;
    std::vector<std::pair<std::uint32_t, AgentId>> by_skills;  // so that teams are mixed
    for (const auto& [agent, mask] : skills) by_skills.emplace_back(mask, agent);
    std::sort(by_skills.begin(), by_skills.end());
    const std::vector<std::uint32_t> places = workplaces(shape);
    std::map<std::uint32_t, std::pair<std::uint32_t, AgentId>> seated;
    for (std::size_t i = 0; i < by_skills.size(); i++) seated[places[i]] = by_skills[i];
    for (const auto& [place, seat] : seated)
      for (const Wanted& role : wanted)
        if (seat.first & role.mask) put(place, seat.second, role, seat.first, shape);
  }

  std::vector<Wanted> work_roles(const std::vector<JobTask>& tasks) const {
    std::vector<std::uint64_t> work(rules_.roles.size());
    std::uint64_t total = 0, slots = 0, workers = 0;
    for (const JobTask& task : tasks)
      if (task.kind < work.size()) work[task.kind] += task.flops / 1000 + 1, total += task.flops / 1000 + 1;
    for (const auto& [agent, profile] : profiles_)
      if (!placed_.contains(agent)) slots += std::min<std::uint64_t>(profile.roles_max, rules_.roles.size()), workers++;
    std::vector<Wanted> wanted;
    for (std::size_t kind = 0; kind < rules_.roles.size(); kind++) {
      const RoleSection& role = rules_.roles[kind];
      const double share = total == 0 ? 0 : static_cast<double>(work[kind]) / static_cast<double>(total);
      auto count = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share * static_cast<double>(slots)));
      count = std::min({count, std::max<std::uint64_t>(1, workers), role.most > 0 ? std::uint64_t{role.most} : count});
      if (work[kind] > 0)
        wanted.push_back({role.skill, static_cast<std::uint32_t>(kind) + 1, role.needs, role.least, role.criticality,
                          count, 1u << kind, role.demand});
      if (work[kind] > 0) wanted.back().demand.resize(rules_.resources);
    }
    std::stable_sort(wanted.begin(), wanted.end(),
                     [](const Wanted& a, const Wanted& b) { return a.criticality > b.criticality; });
    return wanted;
  }

  /// Places of workers, one of each team after the other.
  static std::vector<std::uint32_t> workplaces(const Shape& shape) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;  // how many of its team come before it, place
    std::vector<std::uint32_t> before(shape.members());
    for (std::uint32_t place = shape.managers; place < shape.members(); place++)
      places.emplace_back(before[shape.parent[place]]++, place);
    std::sort(places.begin(), places.end());
    std::vector<std::uint32_t> ordered;
    for (const auto& [rank, place] : places) ordered.push_back(place);
    return ordered;
  }

  // The assignment itself.

  /// By role. Says what it rests on, and which roles stay empty.
  std::vector<std::vector<AgentId>> assign(std::string stage, const std::vector<Wanted>& wanted) {
    std::vector<AgentId> agents;
    for (const auto& [agent, profile] : profiles_)
      if (!placed_.contains(agent)) agents.push_back(agent);
    const AssignmentProblem problem = problem_of(wanted, agents);
    const bool optimal = rules_.method == AssignmentMethod::optimal;
    const Solution solution = optimal ? assign_optimally(problem) : Solution{assign_greedily(problem), {}};
    std::vector<std::vector<AgentId>> holders(wanted.size());
    for (std::size_t role = 0; role < wanted.size(); role++) {
      for (const std::uint32_t agent : solution.assignment.holders[role]) holders[role].push_back(agents[agent]);
      if (holders[role].size() < wanted[role].count) say_unassigned(wanted[role], holders[role].size(), agents);
    }
    certify(std::move(stage), wanted, agents, problem, solution, holders);
    return holders;
  }

  AssignmentProblem problem_of(const std::vector<Wanted>& wanted, const std::vector<AgentId>& agents) const {
    AssignmentProblem problem;
    problem.agents = agents.size();
    problem.resources = wanted.empty() || wanted[0].mask == 0 ? 0 : rules_.resources;
    const Eigen::ArrayXXi suitable = suitability(wanted, agents);
    for (std::size_t role = 0; role < wanted.size(); role++) {
      problem.counts.push_back(wanted[role].count);
      problem.penalties.push_back(wanted[role].criticality * kWhole * kEmptyWeight + rules_.switching);
      for (std::size_t k = 0; k < problem.resources; k++) problem.demands.push_back(wanted[role].demand[k]);
      for (std::size_t i = 0; i < agents.size(); i++) {
        const auto lost = kWhole - suitable(static_cast<Eigen::Index>(role), static_cast<Eigen::Index>(i));
        problem.costs.push_back(passes(wanted[role], agents[i])
                                    ? static_cast<std::int64_t>(wanted[role].criticality) * lost +
                                          switching_cost(wanted[role], agents[i])
                                    : kForbidden);
      }
    }
    for (const AgentId agent : agents) {
      const Profile& profile = profiles_.at(agent);
      problem.slots.push_back(wanted.empty() || wanted[0].mask == 0 ? 1 : profile.roles_max);
      for (std::size_t k = 0; k < problem.resources; k++) problem.capacities.push_back(profile.capacity[k]);
    }
    return problem;
  }

  /// In thousandths, by role and agent: how much of what the role needs the agent has.
  Eigen::ArrayXXi suitability(const std::vector<Wanted>& wanted, const std::vector<AgentId>& agents) const {
    Eigen::ArrayXXi suitable(static_cast<Eigen::Index>(wanted.size()), static_cast<Eigen::Index>(agents.size()));
    Eigen::ArrayXi ability(static_cast<Eigen::Index>(agents.size()));
    for (std::size_t role = 0; role < wanted.size(); role++) {
      for (std::size_t i = 0; i < agents.size(); i++)
        ability(static_cast<Eigen::Index>(i)) = static_cast<int>(profiles_.at(agents[i]).abilities[wanted[role].skill]);
      const int needs = static_cast<int>(wanted[role].needs);
      suitable.row(static_cast<Eigen::Index>(role)) = ability.min(needs).transpose() * static_cast<int>(kWhole) / needs;
    }
    return suitable;
  }

  bool passes(const Wanted& role, AgentId agent) const {
    const Profile& profile = profiles_.at(agent);
    if (profile.abilities[role.skill] < role.least) return false;
    for (std::size_t k = 0; role.mask != 0 && k < rules_.resources; k++)
      if (profile.capacity[k] < role.demand[k]) return false;
    return true;
  }

  std::int64_t switching_cost(const Wanted& role, AgentId agent) const {
    const auto known = incumbency_.skills.find(agent);
    if (known == incumbency_.skills.end()) return 0;
    const bool same = role.mask == 0 ? known->second == 0 : (known->second & role.mask) != 0;
    return same ? 0 : rules_.switching;
  }

  void say_unassigned(const Wanted& role, std::size_t held, const std::vector<AgentId>& agents) {
    const auto able = std::count_if(agents.begin(), agents.end(), [&](AgentId a) { return passes(role, a); });
    RoleUnassigned left;
    left.epoch = epoch_;
    left.role = role.name;
    left.count = static_cast<std::uint32_t>(role.count - held);
    left.criticality = static_cast<std::uint32_t>(role.criticality);
    left.reason = able == 0 ? "nobody has the least ability and the capacity for it"
                            : fmt::format("{} agents could, and have no room left beside more critical roles", able);
    left.fallback = role.mask == 0 ? "best leader left" : held > 0 ? "shared by its holders" : name(rules_.fallback);
    if (held == 0) plan_.uncovered |= role.mask;
    say(std::move(left));
  }

  void certify(std::string stage, const std::vector<Wanted>& wanted, const std::vector<AgentId>& agents,
               const AssignmentProblem& problem, const Solution& solution,
               const std::vector<std::vector<AgentId>>& holders) {
    AssignmentCertified certified;
    certified.epoch = epoch_;
    certified.stage = std::move(stage);
    certified.method = rules_.method == AssignmentMethod::optimal ? "optimal" : "greedy";
    for (const Wanted& role : wanted) certified.roles.push_back(role.name);
    certified.counts = problem.counts;
    certified.penalties = problem.penalties;
    certified.agents = agents;
    certified.slots = problem.slots;
    certified.resources = static_cast<std::uint32_t>(problem.resources);
    certified.demands = problem.demands;
    certified.capacities = problem.capacities;
    certified.costs = problem.costs;
    certified.holders = holders;
    certified.cost = solution.assignment.cost;
    certified.bound = solution.certificate.bound;
    certified.role_duals = solution.certificate.roles;
    certified.agent_duals = solution.certificate.agents;
    certified.resource_duals = solution.certificate.resources;
    say(std::move(certified));
  }

  /// Seats an agent, or gives one that is seated there a further role.
  void put(std::uint32_t position, AgentId holder, const Wanted& role, std::uint32_t skills, const Shape& shape) {
    const Profile& profile = profiles_.at(holder);
    if (placed_.insert(holder).second) {
      index_[position] = static_cast<std::uint32_t>(plan_.nodes.size());
      plan_.nodes.push_back({.position = position,
                             .holder = holder,
                             .parent = index_.at(shape.parent[position]),
                             .skills = skills,
                             .ability = profile.abilities[kLead]});
    }
    const std::uint32_t has = profile.abilities[role.skill];
    const auto seen = incumbency_.seen.find(holder);
    const std::uint32_t tasks = seen == incumbency_.seen.end() ? 0 : seen->second;
    RoleAssigned given;
    given.epoch = epoch_;
    given.position = position;
    given.role = role.name;
    given.holder = holder;
    given.suitability = std::min(has, role.needs) * kWhole / role.needs;
    given.confidence = (tasks + 1) * kWhole / (tasks + 2);
    given.expected = given.suitability;
    given.demand = role.demand;
    if (has < role.needs) given.adaptations.push_back({role.skill, has, role.needs});
    say(std::move(given));
  }

  const AgentId root_;
  const Epoch epoch_;
  const Profiles& profiles_;
  const PlanningRules& rules_;
  const Incumbency& incumbency_;
  JobPlan plan_;
  std::set<AgentId> placed_;
  std::map<std::uint32_t, std::uint32_t> index_;  ///< of the node at a position
};

}  // namespace

JobPlan make_plan(AgentId root, Epoch epoch, const Profiles& profiles, const std::vector<JobTask>& tasks,
                  const PlanningRules& rules, const Incumbency& incumbency) {
  return Planner(root, epoch, profiles, rules, incumbency).plan(tasks);
}

}  // namespace conclave
