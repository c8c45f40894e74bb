// Swarm testing (Groce, Zhang, Eide, Chen, Regehr, "Swarm testing", ISSTA 2012): each seed draws faults of its own from
// declared ranges, so that many seeds try many mixtures.
#pragma once

#include "scenario/draft.hpp"

namespace conclave {

/// Judges the section `swarm`; if `wanted`, draws from it and appends what was drawn to the faults as written. Requires
/// the roster; comes before read_faults().
void read_swarm(Draft& draft, bool wanted);

}  // namespace conclave
