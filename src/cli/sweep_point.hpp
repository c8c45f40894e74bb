// One run of a sweep, in a process of its own.
#pragma once

#include <map>
#include <string>

#include "cli/sweep_campaign.hpp"
#include "sweep/run_record.hpp"
#include "sweep/workers.hpp"

namespace conclave {

/// In the child: runs the point and returns what record_of() reads. Throws what a run throws.
std::string run_point(const Campaign& campaign, const Point& point, std::uint64_t seed);

/// In the parent: what came of it. `missing` gets a hint for each metric that the results do not have.
RunRecord record_of(const Workers::Ended& ended, std::map<std::string, std::string>& missing);

}  // namespace conclave
