#include "protocols/hierarchy/labour.hpp"

#include <algorithm>

namespace conclave {

bool Labour::take(const View& view, AgentId manager, const OrderPtr& order, Outbox& out) {
  const auto same = [&](const Item& item) { return item.order->name == order->name; };
  if (order->oldest > oldest_) done_.erase(done_.begin(), done_.lower_bound({oldest_ = order->oldest, 0}));
  if (done_.contains(order->name) || std::any_of(queue_.begin(), queue_.end(), same)) return false;
  queue_.push_back({manager, order});
  if (queue_.size() == 1) begin(view, out);
  return true;
}

void Labour::begin(const View& view, Outbox& out) {
  const HierarchyDelegate& order = *queue_.front().order;
  began_ = view.now;
  out.emit(TaskStarted{
      .epoch = order.epoch, .job = order.name.job, .task = order.name.task, .manager = queue_.front().manager});
  if (order.kind != OrderKind::by_role)
    out.emit(FallbackExecuted{.job = order.name.job,
                              .task = order.name.task,
                              .fallback = order.kind == OrderKind::by_manager ? "manager" : "generalist"});
  out.compute({.id = ++computations_}, flops_of(order));
}

std::uint64_t Labour::flops_of(const HierarchyDelegate& order) const {
  const std::uint64_t flops = order.task.actual_flops;
  const std::uint32_t kind = order.task.kind;
  const std::uint64_t has = kind + 1 < truth_.abilities.size() ? truth_.abilities[kind + 1] : 0;
  const std::uint64_t needs = kind < needs_.size() ? needs_[kind] : kAbilityMost;
  if (has >= needs) return flops;
  if (has * kSlowdownMax <= needs) return flops * kSlowdownMax;
  return flops / has * needs + flops % has * needs / has;
}

ResultPtr Labour::finish(const View& view, const WorkFinished& work, Outbox& out) {
  if (queue_.empty() || work.key.id != computations_) return nullptr;
  const OrderPtr order = queue_.front().order;
  queue_.pop_front();
  HierarchyResult result;
  result.epoch = order->epoch;
  result.name = order->name;
  result.completed = work.completed;
  result.worker = view.self;
  result.value = work.completed ? true_value(order->name) : 0;
  result.elapsed = view.now - began_;
  result.output = {work.completed ? order->task.bytes : 0};
  out.emit(TaskFinished{.job = order->name.job, .task = order->name.task, .elapsed = result.elapsed});
  const ResultPtr shared = work.completed ? view.crypto.sign(std::move(result)) : share(std::move(result));
  if (work.completed) done_[order->name] = shared;
  if (!queue_.empty()) begin(view, out);
  return shared;
}

bool Labour::drop(const View& view, TaskName name, Outbox& out) {
  const auto item = std::find_if(queue_.begin(), queue_.end(), [&](const Item& i) { return i.order->name == name; });
  if (item == queue_.end()) return false;
  const bool under_way = item == queue_.begin();
  queue_.erase(item);
  if (under_way) computations_++;  // so that its end is not heard
  if (under_way && !queue_.empty()) begin(view, out);
  return true;
}

void Labour::renew(AgentId manager, Epoch epoch) {
  for (Item& item : queue_) {
    HierarchyDelegate order = *item.order;
    order.epoch = epoch;
    item = {manager, share(std::move(order))};
  }
}

ResultPtr Labour::done(TaskName name) const {
  const auto known = done_.find(name);
  return known == done_.end() ? nullptr : known->second;
}

std::vector<TaskName> Labour::held() const {
  std::vector<TaskName> names;
  for (const Item& item : queue_) names.push_back(item.order->name);
  std::sort(names.begin(), names.end());
  return names;
}

void Labour::restart(const View& view, Outbox& out) {
  if (!queue_.empty()) begin(view, out);
}

}  // namespace conclave
