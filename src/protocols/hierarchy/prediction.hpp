// What an organisation is expected to make of a job, computed before it begins: list scheduling (Graham 1969) of the
// task graph on the workers, most urgent first, each task a delegation down and a result up the levels.
#pragma once

#include <vector>

#include "core/hierarchy_events.hpp"
#include "core/units.hpp"
#include "protocols/hierarchy/messages.hpp"

namespace conclave {

struct PredictionFacts {
  Duration latency{};
  Duration message{};
  Bandwidth bandwidth{1'000'000'000};
  ComputeSpeed speed{1'000'000'000};
};

/// By node and kind of task: how fast its holder is, in thousandths of a fully able one. What is missing is 1000.
using Paces = std::vector<std::vector<std::uint32_t>>;

PerformancePredicted predict(Epoch epoch, std::uint64_t job, const std::vector<JobTask>& tasks,
                             const std::vector<OrgNode>& nodes, const Paces& paces, const PredictionFacts& facts);

/// How long work takes at a speed.
Duration work_time(std::uint64_t flops, ComputeSpeed speed, std::uint32_t pace = 1000);

}  // namespace conclave
