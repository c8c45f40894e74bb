// Agents chosen by name: `replica`, `replica[3]`, `replica[0..2]`, or a list of these.
#pragma once

#include <vector>

#include "core/diagnostics.hpp"
#include "core/roster.hpp"
#include "core/value.hpp"

namespace conclave {

/// The chosen agents as ascending ranges that do not touch each other. Reports what names nobody.
std::vector<AgentRange> select_agents(const Value& written, const Roster& roster, Diagnostics& diagnostics);

}  // namespace conclave
