// Puts a run together from a scenario and a platform.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/simulation.hpp"

namespace simgrid::s4u {
class Host;
}

namespace conclave {

/// Places the agents, reads the routes, makes protocols and layers, and schedules outages. `hosts` comes from
/// sorted_hosts(). Throws PlatformError for what the scenario asks of the platform in vain.
std::unique_ptr<Simulation> build_simulation(const Scenario& scenario, const std::vector<simgrid::s4u::Host*>& hosts);

}  // namespace conclave
