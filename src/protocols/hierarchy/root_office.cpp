#include "protocols/hierarchy/root_office.hpp"

#include <algorithm>

namespace conclave {

namespace {

/// An agent's pace is judged by so many tasks.
constexpr std::uint32_t kTasksSeen = 3;

}  // namespace

bool RootOffice::note_job(AgentId owner, const HierarchyJobPtr& job) {
  if (!well_formed(job->tasks) || closed_.contains(job->job) || jobs_.size() >= kJobsMax) return false;
  return jobs_.try_emplace(job->job, Offer{owner, job}).second;
}

void RootOffice::note_closed(const ReportPtr& report) {
  const std::uint64_t job = report->job;
  jobs_.erase(job);
  closed_[job] = report;
  if (closed_.size() > kJobsMax) closed_.erase(closed_.begin());
  ledgers_.erase(job);
  analysed_.erase(job);
}

bool RootOffice::tell_again(AgentId owner, std::uint64_t job, Epoch epoch, Outbox& out) const {
  const auto known = closed_.find(job);
  if (known == closed_.end()) return false;
  HierarchyReport again = *known->second;
  again.epoch = epoch;
  out.send(owner, share(std::move(again)));
  return true;
}

std::vector<JobTask> RootOffice::all_tasks() const {
  std::vector<JobTask> all;
  for (const auto& [id, offer] : jobs_) all.insert(all.end(), offer.job->tasks.begin(), offer.job->tasks.end());
  return all;
}

std::vector<OrgNode> RootOffice::found(const View& view, Epoch epoch, Outbox& out) {
  for (const auto& [id, offer] : jobs_)
    if (analysed_.insert(id).second) out.emit(analyse(id, offer.job->tasks));
  JobPlan plan = make_plan(view.self, epoch, profiles_, all_tasks(), rules_, incumbency_);
  for (RecordPtr& event : plan.events) out.put(Emit{std::move(event)});
  planned_ = true;
  span_ = widest(plan.nodes);
  return std::move(plan.nodes);
}

void RootOffice::appoint(const View& view, Epoch epoch, std::vector<OrgNode>& nodes, const std::vector<OrgNode>& before,
                         Outbox& out) {
  std::map<std::uint32_t, AgentId> holders;
  for (const OrgNode& node : before) holders[node.position] = node.holder;
  const bool planned = std::exchange(planned_, false);  // then the plan has said it
  for (OrgNode& node : nodes) {
    incumbency_.skills[node.holder] = node.skills;
    const auto held = holders.find(node.position);
    if (!planned && (held == holders.end() || held->second != node.holder)) say_role(epoch, node, out);
    if (node.skills != 0 || node.appointment) continue;
    Appointment appointment;
    appointment.epoch = epoch;
    appointment.position = node.position;
    appointment.holder = node.holder;
    node.appointment = view.crypto.sign(std::move(appointment));
  }
  cover(epoch, nodes, planned, out);
}

/// Works out which kinds of tasks nobody is for, and says of which that is new, unless a plan has said it.
void RootOffice::cover(Epoch epoch, const std::vector<OrgNode>& nodes, bool said, Outbox& out) {
  std::uint32_t covered = 0;
  for (const OrgNode& node : nodes) covered |= node.skills;
  needed_ = 0;
  for (const JobTask& task : all_tasks())
    if (task.kind < rules_.roles.size()) needed_ |= 1u << task.kind;
  const std::uint32_t uncovered = needed_ & ~covered;
  for (std::size_t kind = 0; !said && kind < rules_.roles.size(); kind++) {
    if (!((uncovered & ~uncovered_) >> kind & 1)) continue;
    out.emit(RoleUnassigned{.epoch = epoch,
                            .role = rules_.roles[kind].skill,
                            .count = 1,
                            .criticality = rules_.roles[kind].criticality,
                            .reason = "nobody in the organisation holds it",
                            .fallback = std::string(name(rules_.fallback))});
  }
  uncovered_ = uncovered;
}

/// Of one who has moved: its abilities count as they did when the plan was made.
void RootOffice::say_role(Epoch epoch, const OrgNode& node, Outbox& out) const {
  const Profile& profile = profiles_.at(node.holder);
  const auto say = [&](std::string role, std::uint32_t skill, std::uint32_t needs, std::vector<std::uint32_t> demand) {
    const std::uint32_t has = profile.abilities[skill];
    RoleAssigned given;
    given.epoch = epoch;
    given.position = node.position;
    given.role = std::move(role);
    given.holder = node.holder;
    given.suitability = given.expected = std::min(has, needs) * 1000 / needs;
    given.confidence = 500;
    given.demand = std::move(demand);
    if (has < needs) given.adaptations.push_back({skill, has, needs});
    out.emit(std::move(given));
  };
  if (node.skills == 0)
    return say(node.position == 0 ? "root" : "manager", kLead, rules_.lead_needs,
               std::vector<std::uint32_t>(rules_.resources));
  for (std::uint32_t kind = 0; kind < rules_.roles.size(); kind++)
    if (node.skills >> kind & 1) {
      std::vector<std::uint32_t> demand = rules_.roles[kind].demand;
      demand.resize(rules_.resources);
      say(rules_.roles[kind].skill, kind + 1, rules_.roles[kind].needs, std::move(demand));
    }
}

std::uint32_t RootOffice::skills_for(AgentId agent) const {
  const Profile& profile = profiles_.at(agent);
  std::vector<std::uint32_t> left = profile.capacity;
  std::uint32_t skills = 0, roles = 0;
  // What nobody works at comes first.
  for (const bool uncovered : {true, false})
    for (std::uint32_t kind = 0; kind < rules_.roles.size() && roles < profile.roles_max; kind++) {
      const RoleSection& role = rules_.roles[kind];
      const bool wanted = (uncovered_ >> kind & 1) == uncovered && (needed_ >> kind & 1) && !(skills >> kind & 1);
      if (!wanted || profile.abilities[kind + 1] < role.least) continue;
      bool fits = true;
      for (std::size_t k = 0; k < role.demand.size(); k++) fits = fits && left[k] >= role.demand[k];
      if (!fits) continue;
      for (std::size_t k = 0; k < role.demand.size(); k++) left[k] -= role.demand[k];
      skills |= 1u << kind, roles++;
    }
  return skills;
}

Paces RootOffice::paces(const std::vector<OrgNode>& nodes) const {
  Paces all;
  for (const OrgNode& node : nodes) {
    const Profile& profile = profiles_.at(node.holder);
    std::vector<std::uint32_t>& own = all.emplace_back();
    for (std::size_t kind = 0; kind < rules_.roles.size(); kind++)
      own.push_back(std::clamp(profile.abilities[kind + 1] * 1000 / rules_.roles[kind].needs, 10u, 1000u));
  }
  return all;
}

/// Expected with the organisation as it is against a new one, both for the first job that has not begun.
std::optional<RootOffice::Change> RootOffice::better_design(const View& view, const std::vector<OrgNode>& nodes,
                                                            Probability margin) const {
  if (!ledgers_.empty() || jobs_.empty()) return std::nullopt;
  const JobPlan plan = make_plan(view.self, {}, profiles_, all_tasks(), rules_, incumbency_);
  const HierarchyJob& job = *jobs_.begin()->second.job;
  const Duration as_is = predict({}, job.job, job.tasks, nodes, paces(nodes), facts_).makespan;
  const Duration anew = predict({}, job.job, job.tasks, plan.nodes, paces(plan.nodes), facts_).makespan;
  const Change change{as_is - anew, price_of(plan.nodes.size())};
  const auto least = Duration(static_cast<std::int64_t>(static_cast<double>(as_is.count()) * margin.value()));
  return change.gain > change.price + least ? std::optional(change) : std::nullopt;
}

void RootOffice::reopen(const View& view, const std::vector<OrgNode>& nodes, std::uint32_t ability) {
  // Whoever stands in the organisation and has not told this elector what it can do, can do what it does.
  for (const OrgNode& node : nodes) {
    incumbency_.skills[node.holder] = node.skills;
    if (profiles_.contains(node.holder)) continue;
    Profile profile;
    profile.abilities.assign(rules_.roles.size() + 1, 0);
    profile.abilities[kLead] = node.holder == view.self ? ability : node.ability;
    for (std::uint32_t kind = 0; kind < rules_.roles.size(); kind++)
      if (node.skills >> kind & 1) profile.abilities[kind + 1] = rules_.roles[kind].needs;
    profile.capacity.assign(rules_.resources, 0);
    profiles_[node.holder] = std::move(profile);
  }
}

void RootOffice::forget_progress() {
  ledgers_.clear();
  failures_.clear();
  finished_.clear();
}

void RootOffice::begin_jobs(const View& view, Epoch epoch, const std::vector<OrgNode>& nodes, Team& team, Outbox& out) {
  Paces pace;
  cover(epoch, nodes, false, out);
  for (const auto& [id, offer] : jobs_) {
    if (ledgers_.contains(id)) continue;
    TaskLedger& ledger = ledgers_.emplace(id, TaskLedger(offer.owner, offer.job, view.now)).first->second;
    if (pace.empty()) pace = paces(nodes);
    if (analysed_.insert(id).second) out.emit(analyse(id, offer.job->tasks));
    out.emit(predict(epoch, id, offer.job->tasks, nodes, pace, facts_));
    out.emit(JobStarted{.epoch = epoch, .job = id});
    release(view, epoch, ledger, team, out);
  }
}

/// Gives the tasks that are ready to the team; those that nobody can do end here.
void RootOffice::release(const View& view, Epoch epoch, TaskLedger& ledger, Team& team, Outbox& out) {
  for (std::vector<std::uint32_t> ready = ledger.take_ready(); !ready.empty(); ready = ledger.take_ready())
    for (const std::uint32_t task : ready) {
      const std::uint32_t kind = ledger.job().tasks[task].kind;
      const bool unknown = kind >= rules_.roles.size();
      const bool left = unknown || (uncovered_ >> kind & 1 && rules_.fallback == Fallback::report);
      if (!left) {
        team.enqueue(order_of(epoch, ledger, task));
        continue;
      }
      const auto settled = ledger.settle(task, false, 0, unknown ? "no role is for its kind" : "nobody holds its role");
      say_settled(epoch, ledger, settled, kNobody, out);
    }
  if (ledger.over()) close(view, epoch, ledger, out);
}

OrderPtr RootOffice::order_of(Epoch epoch, const TaskLedger& ledger, std::uint32_t task) const {
  HierarchyDelegate order;
  order.epoch = epoch;
  order.name = {ledger.job().job, task};
  order.task = ledger.job().tasks[task];
  order.urgency = ledger.urgency_of(task);
  order.oldest = jobs_.begin()->first;
  if (uncovered_ >> order.task.kind & 1)
    order.kind = rules_.fallback == Fallback::manager ? OrderKind::by_manager : OrderKind::by_anyone;
  order.input = {ledger.input_bytes(task)};
  return share(std::move(order));
}

void RootOffice::say_settled(Epoch epoch, const TaskLedger& ledger, const std::vector<TaskLedger::Settled>& settled,
                             AgentId worker, Outbox& out) const {
  for (const TaskLedger::Settled& each : settled)
    out.emit(TaskSettled{.epoch = epoch,
                         .job = ledger.job().job,
                         .task = each.task,
                         .completed = each.completed,
                         .worker = each.completed ? worker : kNobody,
                         .reason = each.reason});
}

void RootOffice::settle(const View& view, Epoch epoch, const HierarchyResult& result, Team& team, Outbox& out) {
  const auto known = ledgers_.find(result.name.job);
  if (known == ledgers_.end()) return;
  TaskLedger& ledger = known->second;
  if (ledger.settled(result.name.task)) return;
  const std::uint32_t kind = ledger.job().tasks[result.name.task].kind;
  const bool nobody = uncovered_ >> kind & 1 && rules_.fallback == Fallback::report;
  if (!result.completed && !nobody && failures_[result.name]++ < retries_) {
    team.enqueue(order_of(epoch, ledger, result.name.task));
    return;
  }
  const auto settled = ledger.settle(result.name.task, result.completed, result.value,
                                     result.completed ? ""
                                     : nobody         ? "nobody holds its role"
                                                      : "given up by those in charge");
  if (settled.empty()) return;
  if (result.completed) {
    incumbency_.seen[result.worker]++;
    observe(result, ledger.job().tasks[result.name.task], out);
  }
  say_settled(epoch, ledger, settled, result.worker, out);
  release(view, epoch, ledger, team, out);
}

/// Compares what a worker takes with what it should at the ability that it claims; believes what it sees if that is
/// much less, and after a few tasks.
void RootOffice::observe(const HierarchyResult& result, const JobTask& task, Outbox& out) {
  const auto known = profiles_.find(result.worker);
  if (known == profiles_.end() || task.kind >= rules_.roles.size()) return;
  const RoleSection& role = rules_.roles[task.kind];
  std::uint32_t& ability = known->second.abilities[task.kind + 1];
  const std::uint32_t claimed_pace = std::max(1u, std::min(ability, role.needs) * 1000 / role.needs);
  Pace& pace = paces_[{result.worker, task.kind}];
  pace.expected += work_time(task.flops, facts_.speed, claimed_pace);
  pace.taken += result.elapsed;
  if (++pace.tasks < kTasksSeen || pace.taken * 2 < pace.expected * 3) return;
  const double share = static_cast<double>(pace.expected.count()) / static_cast<double>(pace.taken.count());
  const auto seen = static_cast<std::uint32_t>(static_cast<double>(std::min(ability, role.needs)) * share);
  out.emit(AbilityObserved{.agent = result.worker, .skill = task.kind + 1, .claimed = ability, .observed = seen});
  if (ability >= role.least && seen < role.least) unfit_.push_back(result.worker);
  ability = seen;
  paces_.erase({result.worker, task.kind});
}

void RootOffice::close(const View& view, Epoch epoch, const TaskLedger& ledger, Outbox& out) {
  const std::uint64_t job = ledger.job().job;
  HierarchyReport report;
  report.epoch = epoch;
  report.job = job;
  report.failed = ledger.failed();
  report.sum = ledger.sum();
  out.emit(JobFinished{.epoch = epoch,
                       .job = job,
                       .completed = ledger.completed(),
                       .failed = report.failed.size(),
                       .makespan = view.now - ledger.began()});
  finished_.push_back(share(std::move(report)));
  out.send(ledger.owner(), finished_.back());
}

}  // namespace conclave
