#include "protocols/hierarchy/ledger.hpp"

namespace conclave {

TaskLedger::TaskLedger(AgentId owner, HierarchyJobPtr job, Time began)
    : owner_(owner),
      job_(std::move(job)),
      began_(began),
      urgency_(urgency(job_->tasks)),
      successors_(job_->tasks.size()),
      missing_(job_->tasks.size()),
      state_(job_->tasks.size(), State::open),
      open_(job_->tasks.size()) {
  for (std::uint32_t task = 0; task < job_->tasks.size(); task++) {
    missing_[task] = job_->tasks[task].after.size();
    for (const std::uint32_t before : job_->tasks[task].after) successors_[before].push_back(task);
    if (missing_[task] == 0) ready_.push_back(task);
  }
}

std::uint32_t TaskLedger::input_bytes(std::uint32_t task) const {
  std::uint64_t bytes = 0;
  for (const std::uint32_t before : job_->tasks[task].after) bytes += job_->tasks[before].bytes;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, 1u << 30));
}

std::vector<TaskLedger::Settled> TaskLedger::settle(std::uint32_t task, bool completed, std::uint64_t value,
                                                    std::string reason) {
  std::vector<Settled> settled;
  if (task >= state_.size() || state_[task] != State::open) return settled;
  state_[task] = completed ? State::completed : State::failed;
  open_--;
  settled.push_back({task, completed, std::move(reason)});
  if (completed) {
    sum_ += value;
    for (const std::uint32_t later : successors_[task])
      if (--missing_[later] == 0 && state_[later] == State::open) ready_.push_back(later);
    return settled;
  }
  failed_.insert(task);
  for (const std::uint32_t later : successors_[task]) {
    auto more = settle(later, false, 0, "what it needs has failed");
    settled.insert(settled.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return settled;
}

}  // namespace conclave
