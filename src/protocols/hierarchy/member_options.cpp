#include "protocols/hierarchy/member_options.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace conclave {

namespace {

constexpr Duration kMoment = std::chrono::nanoseconds(1);

void add_plan(Params<MemberOptions>& table) {
  using O = MemberOptions;
  table.add("structure", &O::structure, "shape of the organisation")
      .add("span", &O::span, "reports of one manager; 0: the best for latency and message cost", {.most = 1'000'000})
      .add("assignment", &O::assignment, "how roles are given to agents")
      .add("fallback", &O::fallback,
           "what becomes of tasks whose role nobody can take: any worker does them, or the lowest manager, or they are "
           "reported as failed")
      .add("roles", &O::roles, "roles of those who work, one for each kind of task; one for all if not given")
      .add("profiles", &O::profiles, "what agents can do; drawn for those that are not written here")
      .add("ability_low", &O::ability_low, "least ability that is drawn", {.most = kAbilityMost})
      .add("lead_needs", &O::lead_needs, "ability to lead that a manager needs", {.least = 1, .most = kAbilityMost})
      .add("lead_least", &O::lead_least, "ability to lead without which nobody is chosen as manager",
           {.most = kAbilityMost})
      .add("resources", &O::resources, "how many resources roles demand and agents have", {.most = 8})
      .add("window", &O::window, "tasks that a report is given at once for each worker below it",
           {.least = 1, .most = 1000})
      .add("retries", &O::retries, "times that the root has a task tried again before it reports it as failed")
      .add("speed", &O::speed, "of a worker's host, as the root believes", {.least = ComputeSpeed{1}})
      .add("latency", &O::latency, "between two agents, as the root believes")
      .add("message_cost", &O::message_cost, "of sending one message, as the root believes")
      .add("bandwidth", &O::bandwidth, "between two agents, as the root believes", {.least = Bandwidth{1}})
      .add("register_for", &O::register_for, "time for agents to say what they can do")
      .add("join_within", &O::join_within, "a manager waits so long for its reports to take their places",
           {.least = kMoment});
}

void add_care(Params<MemberOptions>& table) {
  using O = MemberOptions;
  table.add("heartbeat", &O::heartbeat, "time between two; 0s: none, and nobody is missed")
      .add("detector", &O::detector, "when silence is too long: after a fixed time, or when it is too unlikely")
      .add("timeout", &O::timeout, "of the detector `timeout`", {.least = kMoment})
      .add("phi", &O::phi, "of the detector `phi`: silence of chance 10^-phi is too long", {.least = 1, .most = 100})
      .add("electors", &O::electors, "how many of the first agents may lead", {.least = 1, .most = 64})
      .add("election", &O::election, "how electors agree on who leads; only a lease is safe in a divided network")
      .add("answer_within", &O::answer_within, "an elector waits so long for an answer", {.least = kMoment})
      .add("lease", &O::lease, "a root that a majority of electors has not heard from for so long is none any more",
           {.least = kMoment})
      .add("supervision", &O::supervision, "whose work begins again when a report is lost")
      .add("restarts", &O::restarts, "incidents that a manager bears within `period`; one more and it gives up")
      .add("period", &O::period, "see `restarts`")
      .add("backoff", &O::backoff, "pause before work begins again, doubled with each incident within `period`")
      .add("hysteresis", &O::hysteresis,
           "a new design for a new job must be expected to gain this share of the makespan above its price")
      .add("calm", &O::calm, "time between two changes that are not forced")
      .add("overload", &O::overload,
           "a manager that comes to its beats later than this, again and again, makes the root halve the span; 0s: "
           "never")
      .add("task_timeout", &O::task_timeout,
           "a report may keep a task so long for each level below it, and goes if it keeps some longer again; 0s: for "
           "ever")
      .add("probation", &O::probation, "whoever has had to go gets no other place before");
}

}  // namespace

const ParamTable& MemberOptions::params() {
  static const auto table = [] {
    Params<MemberOptions> all;
    add_plan(all);
    add_care(all);
    return all;
  }();
  return table;
}

std::vector<RoleSection> roles_of(const MemberOptions& options) {
  if (!options.roles.empty()) return options.roles;
  return {RoleSection{.skill = "work", .needs = 50, .least = 0}};
}

PlanningRules planning_of(const MemberOptions& options) {
  return {.structure = options.structure,
          .span = options.span,
          .method = options.assignment,
          .fallback = options.fallback,
          .roles = roles_of(options),
          .lead_needs = options.lead_needs,
          .lead_least = options.lead_least,
          .resources = options.resources,
          .costs = {options.latency, options.message_cost, options.heartbeat}};
}

std::vector<std::uint32_t> needs_of(const MemberOptions& options) {
  std::vector<std::uint32_t> needs;
  for (const RoleSection& role : roles_of(options)) needs.push_back(role.needs);
  return needs;
}

Profile own_profile(const MemberOptions& options, const Deployment& deployment) {
  return profile_of(deployment.group.agents.rank(deployment.self), options.profiles, options.ability_low,
                    roles_of(options).size() + 1, options.resources,
                    Stream(deployment.seed, "profile").child(index(deployment.self)));
}

std::vector<AgentId> electors_of(const MemberOptions& options, AgentRange group) {
  std::vector<AgentId> electors;
  for (std::uint32_t i = 0; i < std::min(options.electors, group.count); i++) electors.push_back(group[i]);
  return electors;
}

void check_member(const MemberOptions& options, const Deployment& deployment, const Value& written,
                  Diagnostics& diagnostics) {
  const auto complain = [&](std::string_view key, std::string problem, std::string hint = {}) {
    const Value* value = written.find(key);
    diagnostics.error(value ? value->at : written.at, std::move(problem), std::move(hint));
  };
  const std::uint32_t members = deployment.group.agents.count;
  if (options.electors > members)
    complain("electors", fmt::format("{} electors in a group of {}", options.electors, members));
  if (options.roles.size() > 31) complain("roles", "more than 31 roles");
  if (options.heartbeat.count() > 0 && options.timeout <= options.heartbeat)
    complain("timeout", "a timeout that no heartbeat can come before", "expected more than `heartbeat`");
  if (options.heartbeat.count() > 0 && options.election == ElectionKind::lease && options.lease <= options.heartbeat)
    complain("lease", "a lease that no heartbeat can renew in time", "expected more than `heartbeat`");
  const std::string resources = "`resources` says how many there are";
  for (const RoleSection& role : options.roles)
    if (role.demand.size() > options.resources)
      complain("roles",
               fmt::format("`{}` demands {} resources of {}", role.skill, role.demand.size(), options.resources),
               resources);
  const std::size_t skills = roles_of(options).size() + 1;
  for (const ProfileSection& profile : options.profiles) {
    if (profile.abilities.size() != skills)
      complain("profiles", fmt::format("{} abilities where there are {} skills", profile.abilities.size(), skills),
               "expected the ability to lead, then one for each of `roles`");
    for (const std::uint32_t ability : profile.abilities)
      if (ability > kAbilityMost)
        complain("profiles", fmt::format("an ability of {}", ability), "expected 100 or less");
    if (profile.capacity.size() > options.resources)
      complain("profiles", fmt::format("capacities of {} resources of {}", profile.capacity.size(), options.resources),
               resources);
  }
}

}  // namespace conclave
