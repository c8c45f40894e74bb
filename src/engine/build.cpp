#include "engine/build.hpp"

#include <fmt/core.h>

#include <simgrid/s4u.hpp>

#include "core/diagnostics.hpp"
#include "core/stack.hpp"
#include "engine/placement.hpp"
#include "engine/platform.hpp"
#include "engine/route_table.hpp"

namespace conclave {

namespace {

namespace sg = simgrid::s4u;

Outage outage_of(const OutageSection& section) {
  return {Time(section.at), section.until ? Time(*section.until) : kNever};
}

/// The outages as the scenario has them, by name; unknown names are errors.
void schedule_hosts(const Scenario& scenario, const std::vector<std::string>& names, OutageSchedule& schedule) {
  for (const OutageSection& section : scenario.outages) {
    if (!section.host) continue;
    bool known = false;
    for (std::uint32_t host = 0; host < names.size(); host++) {
      if (!matches(*section.host, names[host])) continue;
      known = true;
      schedule.hosts[host].push_back(outage_of(section));
    }
    if (!known) {
      throw PlatformError(fmt::format("outages: no host of the platform is called `{}`; {}", *section.host,
                                      suggestion(*section.host, names)));
    }
  }
  for (auto& [host, outages] : schedule.hosts) outages = tidy(std::move(outages));
}

void schedule_links(const Scenario& scenario, OutageSchedule& schedule, std::map<std::string, LinkUse>& uses) {
  for (const OutageSection& section : scenario.outages) {
    if (!section.link) continue;
    const std::string& name = *section.link;
    if (!sg::Link::by_name_or_null(name) && !sg::Link::by_name_or_null(name + "_UP")) {
      std::vector<std::string> names;
      for (const sg::Link* link : sg::Engine::get_instance()->get_all_links()) {
        std::string full = link->get_name();
        if (full.ends_with("_DOWN")) continue;
        if (full.ends_with("_UP")) full.resize(full.size() - 3);
        names.push_back(std::move(full));
      }
      std::sort(names.begin(), names.end());
      throw PlatformError(
          fmt::format("outages: no link of the platform is called `{}`; {}", name, suggestion(name, names)));
    }
    schedule.links[name].push_back(outage_of(section));
    uses.try_emplace(name);
  }
  for (auto& [link, outages] : schedule.links) outages = tidy(std::move(outages));
}

void spread_link_outages(const std::map<std::string, LinkUse>& uses, OutageSchedule& schedule) {
  for (const auto& [link, use] : uses) {
    const OutageList& outages = schedule.links.at(link);
    const auto append = [&](OutageList& list) { list.insert(list.end(), outages.begin(), outages.end()); };
    for (const std::uint32_t host : use.up) append(schedule.uplinks[host]);
    for (const std::uint32_t host : use.down) append(schedule.downlinks[host]);
    for (const auto& pair : use.zone_pairs) append(schedule.core_links[pair]);
  }
  for (auto& [host, outages] : schedule.uplinks) outages = tidy(std::move(outages));
  for (auto& [host, outages] : schedule.downlinks) outages = tidy(std::move(outages));
  for (auto& [pair, outages] : schedule.core_links) outages = tidy(std::move(outages));
}

/// The stack of a group's agents: the protocol, then its layers from the innermost.
StackPlan plan_of(const GroupSection& group) {
  StackPlan plan{.protocol = group.protocol.make, .layers = {}};
  for (auto layer = group.layers.rbegin(); layer != group.layers.rend(); ++layer) plan.layers.push_back(layer->make);
  return plan;
}

/// With the misbehaviour of one of them around it all.
std::shared_ptr<const StackPlan> with_behaviours(StackPlan plan,
                                                 const std::vector<const BehaviourCatalog::Chosen*>& behaviours) {
  for (const BehaviourCatalog::Chosen* behaviour : behaviours) plan.layers.push_back(behaviour->make);
  return std::make_shared<const StackPlan>(std::move(plan));
}

}  // namespace

std::unique_ptr<Simulation> build_simulation(const Scenario& scenario, const std::vector<sg::Host*>& hosts) {
  std::vector<std::string> names;
  for (const sg::Host* host : hosts) names.push_back(host->get_name());
  const std::vector<std::uint32_t> placed = place_agents(scenario, names);
  std::vector<char> used(hosts.size(), false);
  bool shared_host = false;
  for (const std::uint32_t host : placed) {
    shared_host = shared_host || used[host];
    used[host] = true;
  }

  auto simulation = std::make_unique<Simulation>(scenario);
  std::map<std::string, LinkUse> uses;
  schedule_hosts(scenario, names, simulation->outages);
  schedule_links(scenario, simulation->outages, uses);
  simulation->routes = read_routes(hosts, used, uses);
  simulation->routes.loopback = scenario.network.loopback;
  if (shared_host) {
    simulation->routes.smallest_latency = std::min(simulation->routes.smallest_latency, scenario.network.loopback);
  }
  spread_link_outages(uses, simulation->outages);
  simulation->link_faults = LinkFaults(scenario, names, placed);

  simulation->keys = std::make_unique<KeyRing>(scenario.crypto.signatures, scenario.seed, scenario.roster.size());
  std::vector<std::vector<const BehaviourCatalog::Chosen*>> behaviours(scenario.roster.size());
  for (const BehaviourFault& fault : scenario.faults)
    for (const AgentId id : fault.agents) behaviours[index(id)].push_back(&fault.behaviour);

  const Stream draws = Stream(scenario.seed, "agent");
  const CryptoCost cost{scenario.crypto.sign, scenario.crypto.verify};
  for (const std::uint32_t host : placed) {
    const Access& access = simulation->routes.access[host];
    simulation->destinations.push_back({host, simulation->routes.zone[host], access.down_latency, access.down});
  }
  simulation->agents.reserve(scenario.roster.size());
  for (const GroupSection& section : scenario.groups) {
    const Group& group = *scenario.roster.find(section.name);
    const auto honest = std::make_shared<const StackPlan>(plan_of(section));
    for (const AgentId id : group.agents) {
      const auto& own = behaviours[index(id)];
      const auto plan = own.empty() ? honest : with_behaviours(*honest, own);
      const Deployment deployment{scenario.roster, group, id, scenario.seed};
      simulation->agents.push_back({.id = id,
                                    .host = placed[index(id)],
                                    .group = static_cast<std::uint32_t>(&section - scenario.groups.data()),
                                    .peers = group.agents,
                                    .handling = section.handling,
                                    .protocol = make_stack(plan, deployment),
                                    .random = Random(draws.child(index(id))),
                                    .crypto = Crypto(*simulation->keys, id, cost)});
    }
  }
  return simulation;
}

}  // namespace conclave
