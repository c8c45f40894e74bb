#include "protocols/hierarchy/team.hpp"

#include <algorithm>

namespace conclave {

namespace {

constexpr std::uint32_t kKinds = 32;

/// The order as it is passed on under this epoch.
OrderPtr renewed(const OrderPtr& order, Epoch epoch) {
  if (order->epoch == epoch) return order;
  HierarchyDelegate copy = *order;
  copy.epoch = epoch;
  return share(std::move(copy));
}

}  // namespace

void Team::reset(const std::vector<OrgNode>& nodes, const std::set<AgentId>& kept) {
  std::map<AgentId, Report> before = std::exchange(reports_, {});
  workers_ = 0;
  std::vector<AgentId> branch(nodes.size(), kNobody);  // by node: the report at or above it
  for (std::uint32_t i = 1; i < nodes.size(); i++) {
    branch[i] = nodes[i].parent == 0 ? nodes[i].holder : branch[nodes[i].parent];
    Report& report = reports_[branch[i]];
    report.by_kind.resize(kKinds), report.given_by_kind.resize(kKinds);
    report.members++;
    report.workers += nodes[i].skills != 0;
    workers_ += nodes[i].skills != 0;
    for (std::uint32_t kind = 0; kind < kKinds; kind++) report.by_kind[kind] += nodes[i].skills >> kind & 1;
  }
  for (auto& [agent, old] : before) {
    const auto still = reports_.find(agent);
    if (still != reports_.end() && kept.contains(agent)) {
      still->second.joined = old.joined;
      still->second.members_joined = old.members_joined;
    }
    for (const auto& [name, given] : old.given) {
      if (still == reports_.end()) {
        given_--;
        wait(given.order);
      } else {
        still->second.given.emplace(name, given);
        count_given(still->second, *given.order, true);
      }
    }
  }
}

std::vector<AgentId> Team::reports() const {
  std::vector<AgentId> all;
  for (const auto& [agent, report] : reports_) all.push_back(agent);
  return all;
}

void Team::note_joined(const View& view, AgentId agent, std::uint32_t members, const std::vector<TaskName>& held) {
  const auto known = reports_.find(agent);
  if (known == reports_.end()) return;
  Report& report = known->second;
  report.joined = true;
  report.members_joined = members;
  // What it had been given and does not have never reached it, or went down with somebody: it waits again.
  for (auto given = report.given.begin(); given != report.given.end();) {
    if (std::binary_search(held.begin(), held.end(), given->first)) {
      ++given;
      continue;
    }
    count_given(report, *given->second.order, false);
    given_--;
    wait(given->second.order);
    given = report.given.erase(given);
  }
  // What it has that waits here need not be given to anybody else.
  for (auto waiting = queue_.begin(); waiting != queue_.end();) {
    if (!std::binary_search(held.begin(), held.end(), waiting->second->name)) {
      ++waiting;
      continue;
    }
    report.given.emplace(waiting->second->name, Given{waiting->second, view.now});
    count_given(report, *waiting->second, true);
    given_++;
    waiting = queue_.erase(waiting);
  }
}

bool Team::all_joined() const {
  return std::all_of(reports_.begin(), reports_.end(), [](const auto& each) { return each.second.joined; });
}

std::vector<AgentId> Team::missing() const {
  std::vector<AgentId> agents;
  for (const auto& [agent, report] : reports_)
    if (!report.joined) agents.push_back(agent);
  return agents;
}

std::uint32_t Team::members() const {
  std::uint32_t total = 1;
  for (const auto& [agent, report] : reports_) total += report.members_joined;
  return total;
}

void Team::enqueue(const OrderPtr& order) {
  if (held_.insert(order->name).second) wait(order);
}

bool Team::may_take(const Report& report, const HierarchyDelegate& order) const {
  if (!report.joined || report.missed.contains(order.name)) return false;
  if (order.kind != OrderKind::by_role) return report.given.size() < std::uint64_t{window_} * report.workers;
  const std::uint32_t kind = order.task.kind;
  return kind < kKinds && report.given_by_kind[kind] < window_ * report.by_kind[kind];
}

AgentId Team::pick(const HierarchyDelegate& order) const {
  AgentId best = kNobody;
  const Report* least = nullptr;
  for (const auto& [agent, report] : reports_) {
    if (!may_take(report, order)) continue;
    // given / workers, compared without dividing
    if (least && report.given.size() * least->workers >= least->given.size() * report.workers) continue;
    best = agent, least = &report;
  }
  return best;
}

void Team::count_given(Report& report, const HierarchyDelegate& order, bool more) {
  if (order.task.kind < kKinds)
    more ? report.given_by_kind[order.task.kind]++ : report.given_by_kind[order.task.kind]--;
}

std::vector<OrderPtr> Team::dispatch(const View& view, Epoch epoch, Outbox& out) {
  std::vector<OrderPtr> own;
  std::set<std::pair<OrderKind, std::uint32_t>> hopeless;
  for (auto waiting = queue_.begin(); waiting != queue_.end() && !full();) {
    const auto what = std::pair(waiting->second->kind, waiting->second->task.kind);
    const AgentId to = hopeless.contains(what) ? kNobody : pick(*waiting->second);
    if (to == kNobody) {
      hopeless.insert(what);
      ++waiting;
      continue;
    }
    const OrderPtr order = renewed(waiting->second, epoch);
    waiting = queue_.erase(waiting);
    Report& report = reports_.at(to);
    if (order->kind == OrderKind::by_manager && report.members == 1) {
      held_.erase(order->name);
      own.push_back(order);
      continue;
    }
    report.given.emplace(order->name, Given{order, view.now});
    count_given(report, *order, true);
    given_++;
    out.send(to, order);
  }
  return own;
}

bool Team::settle(AgentId agent, TaskName name) {
  const auto report = reports_.find(agent);
  if (report == reports_.end()) return false;
  const auto given = report->second.given.find(name);
  if (given == report->second.given.end()) return false;
  count_given(report->second, *given->second.order, false);
  report->second.given.erase(given);
  held_.erase(name);
  given_--;
  return true;
}

std::vector<TaskName> Team::take_back(AgentId agent) {
  std::vector<TaskName> names;
  const auto known = reports_.find(agent);
  if (known == reports_.end()) return names;
  const auto given = std::exchange(known->second.given, {});
  std::fill(known->second.given_by_kind.begin(), known->second.given_by_kind.end(), 0u);
  given_ -= given.size();
  for (const auto& [name, each] : given) {
    wait(each.order);
    names.push_back(name);
  }
  return names;
}

void Team::exclude(AgentId agent) {
  if (const auto known = reports_.find(agent); known != reports_.end()) known->second.joined = false;
}

bool Team::joined(AgentId agent) const {
  const auto known = reports_.find(agent);
  return known != reports_.end() && known->second.joined;
}

std::vector<OrderPtr> Team::lost(AgentId agent, const std::vector<TaskName>& held, Time before) const {
  std::vector<OrderPtr> orders;
  const auto known = reports_.find(agent);
  if (known == reports_.end()) return orders;
  for (const auto& [name, given] : known->second.given)
    if (given.at < before && !std::binary_search(held.begin(), held.end(), name)) orders.push_back(given.order);
  return orders;
}

std::vector<TaskName> Team::take_overdue(AgentId agent, Time before) {
  std::vector<TaskName> names;
  const auto known = reports_.find(agent);
  if (known == reports_.end()) return names;
  Report& report = known->second;
  for (const auto& [name, given] : report.given)
    if (given.at < before && report.joined) names.push_back(name);
  for (const TaskName name : names) {
    const OrderPtr order = report.given.at(name).order;
    count_given(report, *order, false);
    report.given.erase(name);
    report.missed.insert(name);
    given_--;
    wait(order);
  }
  return names;
}

std::vector<OrderPtr> Team::take_hopeless() {
  std::vector<std::uint32_t> holders(kKinds);
  for (const auto& [agent, report] : reports_)
    for (std::uint32_t kind = 0; kind < kKinds; kind++) holders[kind] += report.by_kind[kind];
  std::vector<OrderPtr> orders;
  for (auto waiting = queue_.begin(); waiting != queue_.end();) {
    const HierarchyDelegate& order = *waiting->second;
    if (order.kind != OrderKind::by_role || (order.task.kind < kKinds && holders[order.task.kind] > 0)) {
      ++waiting;
      continue;
    }
    orders.push_back(waiting->second);
    held_.erase(order.name);
    waiting = queue_.erase(waiting);
  }
  return orders;
}

void Team::withdraw(TaskName name) {
  const auto waits = [&](const auto& each) { return each.second->name == name; };
  if (!held_.contains(name)) return;
  const auto waiting = std::find_if(queue_.begin(), queue_.end(), waits);
  if (waiting == queue_.end()) return;
  queue_.erase(waiting);
  held_.erase(name);
}

std::vector<OrderPtr> Team::give_away_all() {
  std::vector<OrderPtr> orders;
  for (const auto& [rank, order] : std::exchange(queue_, {})) {
    orders.push_back(order);
    held_.erase(order->name);
  }
  return orders;
}

std::vector<OrderPtr> Team::give_away_half() {
  std::vector<OrderPtr> orders;
  for (std::size_t half = queue_.size() / 2; half > 0; half--) {
    const auto last = std::prev(queue_.end());
    orders.push_back(last->second);
    held_.erase(last->second->name);
    queue_.erase(last);
  }
  return orders;
}

void Team::forget(std::uint64_t job) {
  held_.erase(held_.lower_bound({job, 0}), held_.lower_bound({job + 1, 0}));
  std::erase_if(queue_, [&](const auto& each) { return each.second->name.job == job; });
  for (auto& [agent, report] : reports_) {
    for (auto given = report.given.begin(); given != report.given.end();) {
      if (given->first.job != job) {
        ++given;
        continue;
      }
      count_given(report, *given->second.order, false);
      given_--;
      given = report.given.erase(given);
    }
  }
}

}  // namespace conclave
