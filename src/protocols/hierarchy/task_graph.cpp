#include "protocols/hierarchy/task_graph.hpp"

#include <algorithm>

namespace conclave {

const ParamTable& TaskSection::params() {
  static const auto table =
      Params<TaskSection>()
          .add("work", &TaskSection::work, "floating-point operations that it is estimated to take",
               {.least = ComputeSpeed{1}, .most = ComputeSpeed{kTaskFlopsMax}})
          .add("kind", &TaskSection::kind, "the skill that it takes: 0 is the first after leading")
          .add("bytes", &TaskSection::bytes, "size of its result", {.most = ByteCount{1u << 30}})
          .add("failure_cost", &TaskSection::failure_cost, "what it costs when it is not done")
          .add("uncertainty", &TaskSection::uncertainty, "the work turns out to be up to this much more or less")
          .add("after", &TaskSection::after, "numbers of tasks, from 0, whose results it needs; all come before it");
  return table;
}

const ParamTable& JobSection::params() {
  static const auto table =
      Params<JobSection>()
          .add("tasks", &JobSection::tasks, "tasks of a job", {.least = 1, .most = kTasksMax})
          .add("layers", &JobSection::layers, "tasks of a layer need results of the layer before", {.least = 1})
          .add("fan_in", &JobSection::fan_in, "results that a task needs, if the layer before has so many")
          .add("kinds", &JobSection::kinds, "different skills that tasks take in turn", {.least = 1, .most = 31})
          .add("work", &JobSection::work, "floating-point operations of a task",
               {.least = ComputeSpeed{1}, .most = ComputeSpeed{kTaskFlopsMax}})
          .add("spread", &JobSection::spread, "tasks differ by up to this share of their work")
          .add("uncertainty", &JobSection::uncertainty, "the work turns out to be up to this much more or less")
          .add("bytes", &JobSection::bytes, "size of a result", {.most = ByteCount{1u << 30}})
          .add("failure_cost", &JobSection::failure_cost, "what a task costs that is not done")
          .add("graph", &JobSection::graph, "the tasks themselves; then `tasks` to `failure_cost` mean nothing");
  return table;
}

namespace {

/// `flops` more or less by up to a share of it, and at least 1.
std::uint64_t varied(std::uint64_t flops, Probability share, std::uint64_t word) {
  const auto thousandths = static_cast<std::uint64_t>(share.value() * 1000 + 0.5);
  const std::uint64_t range = flops / 1000 * thousandths + flops % 1000 * thousandths / 1000;
  if (range == 0) return flops;
  return std::max<std::uint64_t>(1, flops - range + word % (2 * range + 1));
}

std::uint32_t thousandths_of(Probability share) {
  return static_cast<std::uint32_t>(share.value() * 1000 + 0.5);
}

std::vector<JobTask> written_job(const JobSection& section, const Stream& draws) {
  std::vector<JobTask> tasks;
  for (const TaskSection& each : section.graph)
    tasks.push_back({.flops = each.work.flops,
                     .actual_flops = varied(each.work.flops, each.uncertainty, draws.at(tasks.size())),
                     .kind = each.kind,
                     .bytes = static_cast<std::uint32_t>(each.bytes.bytes),
                     .failure_cost = each.failure_cost,
                     .uncertainty = thousandths_of(each.uncertainty),
                     .after = each.after});
  return tasks;
}

/// `fan_in` neighbours of the layer before, from a place that is drawn.
std::vector<std::uint32_t> predecessors(std::uint32_t first, std::uint32_t count, std::uint32_t fan_in,
                                        std::uint64_t word) {
  std::vector<std::uint32_t> after;
  for (std::uint32_t i = 0; i < std::min(fan_in, count); i++)
    after.push_back(first + static_cast<std::uint32_t>((word + i) % count));
  std::sort(after.begin(), after.end());
  return after;
}

}  // namespace

std::vector<JobTask> make_job(const JobSection& section, const Stream& draws) {
  if (!section.graph.empty()) return written_job(section, draws);
  const std::uint32_t layers = std::min(section.layers, section.tasks);
  std::vector<JobTask> tasks;
  std::uint32_t first_before = 0, before = 0;  // of the layer before
  for (std::uint32_t layer = 0; layer < layers; layer++) {
    const auto first = static_cast<std::uint32_t>(tasks.size());
    const std::uint32_t count = section.tasks / layers + (layer < section.tasks % layers);
    for (std::uint32_t i = 0; i < count; i++) {
      const Stream own = draws.child(tasks.size());
      const std::uint64_t flops = varied(section.work.flops, section.spread, own.at(0));
      tasks.push_back({.flops = flops,
                       .actual_flops = varied(flops, section.uncertainty, own.at(1)),
                       .kind = static_cast<std::uint32_t>(tasks.size() % section.kinds),
                       .bytes = static_cast<std::uint32_t>(section.bytes.bytes),
                       .failure_cost = section.failure_cost,
                       .uncertainty = thousandths_of(section.uncertainty),
                       .after = predecessors(first_before, before, section.fan_in, own.at(2))});
    }
    first_before = first, before = count;
  }
  return tasks;
}

bool well_formed(const std::vector<JobTask>& tasks) {
  if (tasks.empty() || tasks.size() > kTasksMax) return false;
  for (std::size_t i = 0; i < tasks.size(); i++) {
    if (tasks[i].flops > kTaskFlopsMax || tasks[i].actual_flops > kTaskFlopsMax) return false;
    const auto earlier = [i](std::uint32_t before) { return before < i; };
    if (!std::all_of(tasks[i].after.begin(), tasks[i].after.end(), earlier)) return false;
  }
  return true;
}

TaskAnalysed analyse(std::uint64_t job, const std::vector<JobTask>& tasks) {
  TaskAnalysed found;
  found.job = job;
  found.tasks = tasks.size();
  std::vector<std::uint64_t> finish(tasks.size()), depth(tasks.size()), at_depth(tasks.size());
  std::uint64_t unsure = 0;  // in thousandths of flops, each share rounded down
  for (std::size_t i = 0; i < tasks.size(); i++) {
    const JobTask& task = tasks[i];
    for (const std::uint32_t before : task.after) {
      finish[i] = std::max(finish[i], finish[before]);
      depth[i] = std::max(depth[i], depth[before] + 1);
      found.cut_bytes += tasks[before].bytes;
    }
    finish[i] += task.flops;
    found.edges += task.after.size();
    found.work_flops += task.flops;
    found.span_flops = std::max(found.span_flops, finish[i]);
    found.width = std::max(found.width, ++at_depth[depth[i]]);
    found.failure_cost += task.failure_cost;
    unsure += task.flops / 1000 * task.uncertainty;
  }
  found.uncertainty = found.work_flops < 1000 ? 0 : unsure / (found.work_flops / 1000);
  return found;
}

std::vector<std::uint64_t> urgency(const std::vector<JobTask>& tasks) {
  std::vector<std::uint64_t> chain(tasks.size());
  for (std::size_t i = tasks.size(); i-- > 0;) {
    chain[i] += tasks[i].flops;
    for (const std::uint32_t before : tasks[i].after) chain[before] = std::max(chain[before], chain[i]);
  }
  return chain;
}

}  // namespace conclave
