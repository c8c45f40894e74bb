// A job is a directed acyclic graph of tasks. Its complexity is not a label but follows from the graph: the work T1 of
// all tasks, the span T∞ of the longest chain, the width, the bytes on its edges, what failing costs, how unsure the
// estimates are. A schedule on P equal workers that never idles while a task is ready takes at most T1 / P +
// T∞ (1 - 1 / P), and none takes less than max(T1 / P, T∞): Graham 1969, Brent 1974.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/hierarchy_events.hpp"
#include "core/params.hpp"
#include "core/random.hpp"

namespace conclave {

struct JobTask {
  std::uint64_t flops = 0;         ///< estimate
  std::uint64_t actual_flops = 0;  ///< what it will turn out to be: only who computes it looks at this
  std::uint32_t kind = 0;          ///< the skill that it takes, counted without leading
  std::uint32_t bytes = 0;         ///< of its result, which every successor needs
  std::uint32_t failure_cost = 0;
  std::uint32_t uncertainty = 0;     ///< of the estimate, in thousandths
  std::vector<std::uint32_t> after;  ///< predecessors, all of lower number
  static void fields(auto& self, auto& field) {
    field("flops", self.flops);
    field("actual_flops", self.actual_flops);
    field("kind", self.kind);
    field("bytes", self.bytes);
    field("failure_cost", self.failure_cost);
    field("uncertainty", self.uncertainty);
    field("after", self.after);
  }
};

/// Work that a task may be, so that sums over a job do not overflow.
inline constexpr std::uint64_t kTaskFlopsMax = 1'000'000'000'000'000;
inline constexpr std::uint32_t kTasksMax = 10'000;

/// A task as a scenario writes it.
struct TaskSection {
  ComputeSpeed work{10'000'000};
  std::uint32_t kind = 0;
  ByteCount bytes{1000};
  std::uint32_t failure_cost = 1;
  Probability uncertainty;
  std::vector<std::uint32_t> after;
  static const ParamTable& params();
};

/// A job as a scenario writes it: task by task, or drawn in layers.
struct JobSection {
  std::uint32_t tasks = 16;
  std::uint32_t layers = 1;
  std::uint32_t fan_in = 2;
  std::uint32_t kinds = 1;
  ComputeSpeed work{10'000'000};
  Probability spread;
  Probability uncertainty;
  ByteCount bytes{1000};
  std::uint32_t failure_cost = 1;
  std::vector<TaskSection> graph;
  static const ParamTable& params();
};

/// The job that a section describes; what is drawn comes from `draws`.
std::vector<JobTask> make_job(const JobSection& section, const Stream& draws);

/// False where a predecessor does not come before its task: such a graph could have a cycle.
bool well_formed(const std::vector<JobTask>& tasks);

/// Requires a well-formed graph. `job` goes into the record.
TaskAnalysed analyse(std::uint64_t job, const std::vector<JobTask>& tasks);

/// By task: the work of the longest chain that begins with it. Who is urgent has most.
std::vector<std::uint64_t> urgency(const std::vector<JobTask>& tasks);

}  // namespace conclave
