// The simulated machines: a SimGrid platform, from a file or generated, and the hosts that agents are placed on.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace simgrid::s4u {
class Engine;
class Host;
}  // namespace simgrid::s4u

namespace conclave {

/// The scenario asks for something that its platform does not have; what() says what, for the person who wrote it.
class PlatformError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Builds or loads the platform. Throws PlatformError, but SimGrid itself aborts on some broken files: see
/// probe_platform.
void build_platform(simgrid::s4u::Engine& engine, const Platform& platform);

/// All hosts that can run agents, in natural order of their names (`node-2` before `node-10`): SimGrid's own order is
/// that of a hash table.
std::vector<simgrid::s4u::Host*> sorted_hosts(const simgrid::s4u::Engine& engine);

}  // namespace conclave
