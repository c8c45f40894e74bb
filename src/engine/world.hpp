// Conclave's message model inside SimGrid, and SimGrid's activities inside Conclave.
//
// SimGrid asks a model whose next_occurring_event() is not idempotent (the mechanism that it has for ns-3) to advance
// by at most `delta` seconds. Ours runs the executor up to that horizon. When the executor wants something of SimGrid,
// the model returns early, SimGrid moves its clock to that instant, and on_time_advance starts the activity there; its
// completion comes back through Activity::on_completion as an input. No actors, no context switches.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "engine/executor.hpp"
#include "engine/simulation.hpp"

namespace simgrid::s4u {
class Engine;
class Host;
}  // namespace simgrid::s4u

namespace conclave {

/// Runs the simulation to its end on this SimGrid engine, which must not have run before. `hosts` is indexed as the
/// route table is.
void run_on_simgrid(simgrid::s4u::Engine& engine, const std::vector<simgrid::s4u::Host*>& hosts, Simulation& simulation,
                    Executor& executor);

}  // namespace conclave
