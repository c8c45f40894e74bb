#include "protocols/hierarchy/prediction.hpp"

#include <algorithm>
#include <queue>
#include <set>
#include <tuple>

namespace conclave {

Duration work_time(std::uint64_t flops, ComputeSpeed speed, std::uint32_t pace) {
  const double at = static_cast<double>(speed.flops) * static_cast<double>(std::max(1u, pace)) / 1000;
  return Duration(static_cast<std::int64_t>(static_cast<double>(flops) / at * 1e9));
}

namespace {

class Forecast {
 public:
  Forecast(const std::vector<JobTask>& tasks, const std::vector<OrgNode>& nodes, const Paces& paces,
           const PredictionFacts& facts)
      : tasks_(tasks), nodes_(nodes), paces_(paces), facts_(facts), depth_(nodes.size()), busy_(nodes.size()) {
    for (std::uint32_t i = 0; i < nodes.size(); i++) {
      if (i > 0) depth_[i] = depth_[nodes[i].parent] + 1;
      if (nodes[i].skills == 0) continue;
      idle_.insert({Duration::zero(), i});
      workers_++;
    }
  }

  PerformancePredicted run() {
    struct Ready {
      Duration at;
      std::uint64_t urgency;
      std::uint32_t task;
      bool operator<(const Ready& other) const {  // a priority queue has its greatest in front
        return std::tuple(other.at, urgency, other.task) < std::tuple(at, other.urgency, task);
      }
    };
    const std::vector<std::uint64_t> urgent = urgency(tasks_);
    std::vector<std::vector<std::uint32_t>> successors(tasks_.size());
    std::vector<std::size_t> missing(tasks_.size());
    std::vector<Duration> ready_at(tasks_.size());
    std::priority_queue<Ready> ready;
    for (std::uint32_t i = 0; i < tasks_.size(); i++) {
      for (const std::uint32_t before : tasks_[i].after) successors[before].push_back(i);
      missing[i] = tasks_[i].after.size();
      if (missing[i] == 0) ready.push({Duration::zero(), urgent[i], i});
    }
    while (!ready.empty() && workers_ > 0) {
      const Ready next = ready.top();
      ready.pop();
      const Duration known = do_task(next.task, next.at);
      for (const std::uint32_t later : successors[next.task]) {
        ready_at[later] = std::max(ready_at[later], known);
        if (--missing[later] == 0) ready.push({ready_at[later], urgent[later], later});
      }
    }
    return summary();
  }

 private:
  /// When the root has the result.
  Duration do_task(std::uint32_t task, Duration at) {
    root_free_ = std::max(root_free_, at) + facts_.message * 2;  // it sends one message and takes in one
    const std::uint32_t worker = pick(tasks_[task].kind);
    const Duration free = free_at_;
    std::uint64_t input = 0;
    for (const std::uint32_t before : tasks_[task].after) input += tasks_[before].bytes;
    const Duration start = std::max(root_free_ + trip(worker, input), free);
    const Duration takes = work_time(tasks_[task].flops, facts_.speed, pace(worker, tasks_[task].kind));
    busy_[worker] += takes;
    idle_.insert({start + takes, worker});
    messages_ += 2 * depth_[worker];
    const Duration known = start + takes + trip(worker, tasks_[task].bytes);
    makespan_ = std::max(makespan_, known);
    return known;
  }

  std::uint32_t pace(std::uint32_t node, std::uint32_t kind) const {
    return node < paces_.size() && kind < paces_[node].size() ? paces_[node][kind] : 1000;
  }

  /// The worker of that kind that is free first; whoever is free first if there is none.
  std::uint32_t pick(std::uint32_t kind) {
    auto chosen = idle_.begin();
    while (chosen != idle_.end() && (kind > 31 || !(nodes_[chosen->second].skills & (1u << kind)))) ++chosen;
    if (chosen == idle_.end()) chosen = idle_.begin();
    const std::uint32_t worker = chosen->second;
    free_at_ = chosen->first;
    idle_.erase(chosen);
    return worker;
  }

  Duration trip(std::uint32_t worker, std::uint64_t bytes) const {
    const double transfer = static_cast<double>(bytes) * 8e9 / static_cast<double>(facts_.bandwidth.bits_per_second);
    return (facts_.latency + facts_.message + Duration(static_cast<std::int64_t>(transfer))) * depth_[worker];
  }

  PerformancePredicted summary() const {
    const TaskAnalysed job = analyse(0, tasks_);
    PerformancePredicted predicted;
    predicted.makespan = makespan_;
    predicted.messages = messages_ + 1;  // and the report to the owner
    if (workers_ == 0) return predicted;
    const Duration work = work_time(job.work_flops, facts_.speed) / static_cast<std::int64_t>(workers_);
    const Duration span = work_time(job.span_flops, facts_.speed);
    predicted.lower = std::max(work, span);
    predicted.upper = work + span - span / static_cast<std::int64_t>(workers_);
    const std::int64_t whole = std::max<std::int64_t>(1, makespan_.count() / 1000);
    std::int64_t total = 0, most = 0;
    for (const Duration each : busy_) total += each.count() / whole, most = std::max(most, each.count() / whole);
    predicted.load_mean = static_cast<std::uint64_t>(total) / workers_;
    predicted.load_max = static_cast<std::uint64_t>(most);
    return predicted;
  }

  const std::vector<JobTask>& tasks_;
  const std::vector<OrgNode>& nodes_;
  const Paces& paces_;
  const PredictionFacts facts_;
  std::vector<std::uint32_t> depth_;
  std::vector<Duration> busy_;
  std::set<std::pair<Duration, std::uint32_t>> idle_;  ///< when each worker is free
  Duration free_at_{};
  Duration root_free_{};
  Duration makespan_{};
  std::uint64_t messages_ = 0;
  std::uint64_t workers_ = 0;
};

}  // namespace

PerformancePredicted predict(Epoch epoch, std::uint64_t job, const std::vector<JobTask>& tasks,
                             const std::vector<OrgNode>& nodes, const Paces& paces, const PredictionFacts& facts) {
  PerformancePredicted predicted = Forecast(tasks, nodes, paces, facts).run();
  predicted.epoch = epoch;
  predicted.job = job;
  return predicted;
}

}  // namespace conclave
