#include "protocols/hierarchy/member.hpp"

#include <algorithm>

namespace conclave {

namespace {

/// Who says more often that it reports to one whom it does not report to is told so: its new manager has had time.
constexpr int kStraysBorne = 1;
/// A report that keeps tasks too long so often has to go.
constexpr std::uint32_t kStrikesMost = 2;
/// A manager that misses so many who are there has to go itself.
constexpr std::uint32_t kFalseAlarmsMost = 3;
/// An overload must last for so many beats.
constexpr std::uint32_t kBeatsOverloaded = 3;
/// Whoever has lost its place asks for another every so many beats.
constexpr std::uint64_t kBeatsHomeless = 10;

}  // namespace

Member::Member(const MemberOptions& options, const Deployment& deployment)
    : Membership(options, deployment),
      oversight_({options.detector, options.heartbeat, options.timeout, options.phi}, kSilence),
      supervision_({options.supervision, options.restarts, options.period, options.backoff}),
      root_(succession_.electors().front()) {}

void Member::step(const View& view, const Input& input, Outbox& out) {
  match(
      input, [&](const Start&) { start(view, out); }, [&](const Restarted&) { restart(view, out); },
      [&](const TimerFired& timer) { on_timer(view, timer.key, out); },
      [&](const WorkFinished& work) {
        if (const ResultPtr result = labour_.finish(view, work, out)) report(view, result, out);
      },
      [&](const Message& message) { hear(view, message, out); });
}

// Beginnings.

void Member::start(const View& view, Outbox& out) {
  out.emit(
      ProfileDeclared{.abilities = profile_.abilities, .capacity = profile_.capacity, .roles_max = profile_.roles_max});
  if (elector(view.self)) {
    office_.note_profile(view.self, profile_);
    out.set_timer({.name = kRegister}, options_.register_for);
  }
  declare(out);
  if (view.self == root_) {
    leads_ = true;
    known_ = root_epoch_ = {succession_.electors().size(), 1};  // round 1 of the elector of rank 0
    for (const AgentId each : succession_.electors())
      if (each != view.self) echoes_[each] = view.now;
    keep_lease(view, out);
  }
  neighbours_changed(view, out);
  beat_due_ = view.now + oversight_.beat();
  if (oversight_.on()) out.set_timer({.name = kBeat}, oversight_.beat());
}

/// Timers are gone with the host; what it knows is as it was, and may be out of date: others will say so.
void Member::restart(const View& view, Outbox& out) {
  for (const AgentId agent : oversight_.watched()) oversight_.unwatch(agent, out);
  neighbours_changed(view, out);
  beat_due_ = view.now + oversight_.beat();
  if (oversight_.on()) out.set_timer({.name = kBeat}, oversight_.beat());
  if (elector(view.self)) out.set_timer({.name = kRegister}, options_.register_for);
  if (leads_) keep_lease(view, out);
  if (!placed()) declare(out);
  labour_.restart(view, out);
}

void Member::on_timer(const View& view, TimerKey key, Outbox& out) {
  switch (key.name) {
    case kRegister: registered_ = true; return found(view, out);
    case kJoin: return in_place(view, out);
    case kBeat: return beat(view, out);
    case kSilence: return suspect(view, agent(key.id), out);
    case kOrphan: return leave_place(view, "its manager is gone", out);
    case kLease: return step_down(view, "its lease has run out", out);
    case kBackoff: return resume(view, out);
    default:
      if (const auto won = succession_.on_timer(view, key, known_, out)) lead(view, *won, out);
  }
}

void Member::hear(const View& view, const Message& message, Outbox& out) {
  const AgentId from = message.from;
  if (oversight_.heard(view, from, out) && from == manager_) out.cancel_timer({.name = kOrphan});
  const bool known = dispatch<HierarchyDelegate, HierarchyResult, HierarchyBeat, HierarchyCharter, HierarchyJoined,
                              HierarchyLoss, HierarchyReleased, HierarchyRecall, HierarchySteal, HierarchyNothing>(
      *message.body, Overload{
                         [&](const HierarchyDelegate&) {
                           on_order(view, from, std::static_pointer_cast<const HierarchyDelegate>(message.body), out);
                         },
                         [&](const HierarchyResult&) {
                           on_result(view, from, std::static_pointer_cast<const HierarchyResult>(message.body), out);
                         },
                         [&](const HierarchyBeat& beat) { on_beat(view, from, beat, out); },
                         [&](const HierarchyCharter& charter) { on_charter(view, from, charter, out); },
                         [&](const HierarchyJoined& joined) { on_joined(view, from, joined, out); },
                         [&](const HierarchyLoss& loss) { on_loss(view, from, loss, out); },
                         [&](const HierarchyReleased& released) {
                           if (from == manager_ && !(released.epoch < place_epoch_)) leave_place(view, "released", out);
                         },
                         [&](const HierarchySteal& steal) { on_steal(view, from, steal, out); },
                         [&](const HierarchyNothing&) {
                           if (exchange_.has(from)) exchange_.refused(place_epoch_, out);
                         },
                         [&](const HierarchyRecall& recall) {
                           if (from != manager_) return;
                           for (const TaskName name : recall.names) labour_.drop(view, name, out);
                         },
                     });
  if (!known && elector(view.self)) hear_elector(view, message, out);
}

void Member::hear_elector(const View& view, const Message& message, Outbox& out) {
  const AgentId from = message.from;
  if (const auto* profile = message.body->as<HierarchyProfile>()) {
    if (rooted()) note_alarm(view, from, out);
    return on_profile(view, from, *profile, out);
  }
  if (message.body->as<HierarchyJob>()) {
    const auto job = std::static_pointer_cast<const HierarchyJob>(message.body);
    if (view.peers.contains(from) || (leads_ && office_.tell_again(from, job->job, known_, out))) return;
    if (office_.note_job(from, job)) on_job(view, out);
    return;
  }
  if (!elector(from)) return;
  if (const auto* constitution = message.body->as<HierarchyConstitution>()) {
    if (from == succession_.owner(constitution->epoch) && !(constitution->epoch < root_epoch_))
      constitution_ = constitution->nodes;
  } else if (const auto* closed = message.body->as<HierarchyClosed>()) {
    if (from == root_ && closed->report) office_.note_closed(closed->report);
  } else if (const auto* won = message.body->as<ElectionWon>()) {
    if (from == succession_.owner(won->epoch)) follow(view, from, won->epoch, out);
  } else if (const auto epoch = succession_.hear(view, message, known_, leads_, out)) {
    lead(view, *epoch, out);
  }
}

// Care: everyone beats to its manager, its reports and, if it is one, the electors, and watches them.

void Member::neighbours_changed(const View& view, Outbox& out) {
  std::set<AgentId> wanted;
  for (const AgentId report : team_.reports()) {
    wanted.insert(report);
    supervision_.started(report);
  }
  if (manager_ != kNobody) wanted.insert(manager_);
  if (elector(view.self) && !leads_ && root_ != kNobody) wanted.insert(root_);
  for (const AgentId agent : oversight_.watched())
    if (!wanted.contains(agent)) oversight_.unwatch(agent, out);
  for (const AgentId agent : wanted) oversight_.watch(view, agent, out);
}

void Member::beat(const View& view, Outbox& out) {
  Duration lag = std::max(Duration::zero(), view.now - beat_due_);
  for (const auto& [report, theirs] : lags_)
    if (team_.has(report)) lag = std::max(lag, theirs);
  ease(view, lag, out);
  HierarchyBeat beat;
  beat.lag = lag;
  beat.epoch = leads_ ? known_ : place_epoch_;
  beat.sent = view.now;
  beat.echo = root_said_;
  beat.under = manager_;
  std::set<AgentId> to;
  for (const AgentId report : team_.reports()) to.insert(report);
  if (leads_) to.insert(succession_.electors().begin(), succession_.electors().end());
  if (elector(view.self) && root_ != kNobody) to.insert(root_);
  to.erase(view.self), to.erase(manager_);
  if (!to.empty()) out.multicast({to.begin(), to.end()}, share(HierarchyBeat(beat)));
  if (manager_ != kNobody) {
    beat.held = held();
    out.send(manager_, share(std::move(beat)));
  }
  for (const AgentId report : team_.reports())
    if (oversight_.suspects(report)) tell_loss(view, report, LossReason::silent, out);  // nobody may have heard it
  press(view, out);
  if (homeless_ && ++beats_ % kBeatsHomeless == 0) declare(out);
  beat_due_ = view.now + oversight_.beat();
  out.set_timer({.name = kBeat}, oversight_.beat());
}

/// A manager that comes to its beats too late has more to hear than it can: the root halves the span, if that has gone
/// on for a while and the last such change is long enough ago.
void Member::ease(const View& view, Duration lag, Outbox& out) {
  const bool overloaded = rooted() && ready_ && options_.overload.count() > 0 && lag > options_.overload;
  overloaded_beats_ = overloaded ? overloaded_beats_ + 1 : 0;
  if (overloaded_beats_ < kBeatsOverloaded || !office_.has_jobs()) return;
  if (changed_at_ && view.now - *changed_at_ < options_.calm) return;
  const std::uint32_t most = widest(nodes_);
  const Duration price = office_.price_of(nodes_.size());
  if (most < 4 || lag <= price) return;
  overloaded_beats_ = 0;
  changed_at_ = view.now;
  known_.revision++;
  out.emit(Reorganised{.epoch = known_,
                       .reason = "a manager is overloaded",
                       .about = kNobody,
                       .forced = false,
                       .gain = lag,
                       .price = price});
  office_.narrow(most / 2);
  enact(view, office_.found(view, known_, out), out);
}

void Member::on_beat(const View& view, AgentId from, const HierarchyBeat& beat, Outbox& out) {
  if (elector(view.self) && elector(from)) on_elector_beat(view, from, beat, out);
  if (team_.has(from)) {
    on_report_beat(view, from, beat, out);
  } else if (beat.under == view.self && !(place_epoch_ < beat.epoch) && ++strays_[from] > kStraysBorne) {
    strays_.erase(from);
    HierarchyReleased released;
    released.epoch = std::max(place_epoch_, beat.epoch);
    out.send(from, share(std::move(released)));
  }
}

void Member::on_report_beat(const View& view, AgentId from, const HierarchyBeat& beat, Outbox& out) {
  for (const std::vector<OrgNode>& branch : branches_)
    if (branch[0].holder == from && !team_.joined(from)) send_charter(branch, out);
  if (beat.under != view.self) return;
  lags_[from] = beat.lag;
  // What was given to it more than a beat before it said this, and what it does not have, is lost on the way.
  for (const OrderPtr& order : team_.lost(from, beat.held, beat.sent - oversight_.beat())) out.send(from, order);
}

void Member::on_elector_beat(const View& view, AgentId from, const HierarchyBeat& beat, Outbox& out) {
  if (leads_) {
    Time& echo = echoes_[from];
    if (beat.echo > echo && beat.echo <= view.now) echo = beat.echo, keep_lease(view, out);
  }
  const bool leader = from == succession_.owner(beat.epoch);
  if (leader && beat.under == kNobody && !(beat.epoch < root_epoch_) && beat.epoch.term > 0) {
    if (from != root_ || beat.epoch.term > root_epoch_.term) follow(view, from, beat.epoch, out);
    root_epoch_ = beat.epoch;
    root_said_ = std::max(root_said_, beat.sent);
    succession_.renew(beat.epoch, view.now);
  }
}

void Member::suspect(const View& view, AgentId agent, Outbox& out) {
  oversight_.suspect(agent);
  out.emit(Suspected{.suspect = agent, .silence = oversight_.patience(agent)});
  if (team_.has(agent)) lose_report(view, agent, LossReason::silent, out);
  if (agent == manager_) out.set_timer({.name = kOrphan}, options_.join_within);
  if (elector(view.self) && agent == root_ && !leads_) {
    root_ = kNobody;
    call_election(view, out);
  }
}

/// Its work begins again with others, and perhaps that of others with it.
void Member::lose_report(const View& view, AgentId report, LossReason reason, Outbox& out) {
  team_.exclude(report);
  const Supervision::Response response = supervision_.lost(view.now, report);
  incident_ = response.incident;
  for (const AgentId each : response.stop) {
    const std::vector<TaskName> names = team_.take_back(each);
    out.emit(WorkStopped{
        .incident = response.incident, .report = each, .order = supervision_.order_of(each), .tasks = names.size()});
    if (each == report || names.empty()) continue;
    HierarchyRecall recall;
    recall.epoch = place_epoch_;
    recall.names = names;
    out.send(each, share(std::move(recall)));
  }
  supervision_.ended(report);
  if (response.escalate) {
    give_up(view, response.incident, out);
  } else {
    pause_ = response.backoff;
    paused_until_ = view.now + pause_;
    out.set_timer({.name = kBackoff}, pause_);
  }
  tell_loss(view, report, reason, out);
}

/// Takes back what a report has kept too long, the longer the more levels are below it. Who does so again has to go.
void Member::press(const View& view, Outbox& out) {
  if (options_.task_timeout.count() == 0) return;
  const std::vector<std::vector<OrgNode>> branches = branches_;  // an accusation may change them
  for (const std::vector<OrgNode>& branch : branches) {
    const AgentId report = branch[0].holder;
    std::vector<std::int64_t> depth(branch.size(), 1);
    for (std::size_t i = 1; i < branch.size(); i++) depth[i] = depth[branch[i].parent] + 1;
    const Duration most = options_.task_timeout * *std::max_element(depth.begin(), depth.end());
    const std::vector<TaskName> late = team_.take_overdue(report, view.now - most);
    if (late.empty()) continue;
    strikes_[report]++;
    if (strikes_[report] >= kStrikesMost) accuse(view, report, "tasks kept too long", late.front(), out);
  }
  give_out(view, out);
}

void Member::accuse(const View& view, AgentId accused, std::string offence, TaskName name, Outbox& out) {
  const bool slow = offence == "tasks kept too long";
  out.emit(MemberAccused{.accused = accused, .offence = std::move(offence), .job = name.job, .task = name.task});
  const LossReason reason = slow ? LossReason::slow : LossReason::lied;
  if (team_.has(accused)) {
    strikes_.erase(accused);
    lose_report(view, accused, reason, out);
  } else if (rooted()) {
    remove(view, accused, kNobody, reason, out);
  }
}

void Member::resume(const View& view, Outbox& out) {
  paused_until_ = view.now;
  out.emit(WorkRestarted{
      .incident = incident_, .strategy = std::string(name(supervision_.rules().strategy)), .backoff = pause_});
  give_out(view, out);
}

/// Too many incidents: all that waits goes back to where it came from, as not done.
void Member::give_up(const View& view, std::uint64_t incident, Outbox& out) {
  const std::vector<OrderPtr> all = team_.give_away_all();
  out.emit(Escalated{.incident = incident, .tasks = all.size()});
  give_back(view, all, out);
}

void Member::tell_loss(const View& view, AgentId gone, LossReason reason, Outbox& out) {
  HierarchyLoss loss;
  loss.epoch = place_epoch_;
  loss.manager = view.self;
  loss.gone = gone;
  loss.reason = reason;
  if (manager_ != kNobody) return out.send(manager_, share(std::move(loss)));
  if (rooted()) remove(view, gone, view.self, reason, out);
}

/// The root has somebody go; those who are dismissed get no other place for a while.
void Member::remove(const View& view, AgentId gone, AgentId manager, LossReason reason, Outbox& out) {
  if (reason == LossReason::silent) {
    alarms_[gone] = {manager, view.now};
  } else {
    dismissed_[gone] = view.now + options_.probation;
  }
  constexpr std::string_view kReasons[] = {"somebody is silent", "somebody is too slow", "somebody has lied"};
  const std::size_t why = std::min<std::size_t>(static_cast<std::size_t>(reason), std::size(kReasons) - 1);
  waiting_.erase(gone);
  std::vector<OrgNode> nodes = without(nodes_, gone);
  for (const AgentId each : std::set<AgentId>(waiting_)) nodes = with_newcomer(std::move(nodes), each);
  reorganise(view, std::move(nodes), std::string(kReasons[why]), gone, out);
}

/// Who comes back at once after having been missed was not gone. A manager that misses such again and again goes.
void Member::note_alarm(const View& view, AgentId came, Outbox& out) {
  const auto alarm = alarms_.find(came);
  if (alarm == alarms_.end()) return;
  const auto [manager, at] = alarm->second;
  alarms_.erase(alarm);
  const std::uint32_t place = place_of(nodes_, manager);
  if (view.now - at > options_.calm || place == 0 || place == nodes_.size()) return;
  if (++false_alarms_[manager] < kFalseAlarmsMost) return;
  false_alarms_.erase(manager);
  accuse(view, manager, "false alarms", {}, out);
}

void Member::on_loss(const View& view, AgentId from, const HierarchyLoss& loss, Outbox& out) {
  if (!team_.has(from)) return;
  if (!rooted()) {
    if (manager_ != kNobody) out.send(manager_, share(HierarchyLoss(loss)));
    return;
  }
  const std::uint32_t gone = place_of(nodes_, loss.gone);
  if (gone == nodes_.size() || gone == 0 || nodes_[nodes_[gone].parent].holder != loss.manager) return;
  remove(view, loss.gone, loss.manager, loss.reason, out);
}

// Succession.

void Member::call_election(const View& view, Outbox& out) {
  if (succession_.under_way()) return;
  for (const auto& [kind, text] : Choices<ElectionKind>::kNames)
    if (kind == succession_.kind()) out.emit(ElectionCalled{.known = known_, .method = std::string(text)});
  if (const auto won = succession_.call(view, known_, out)) lead(view, *won, out);
}

/// It has been elected: it stands where the old root stood, and everybody takes a place again.
void Member::lead(const View& view, Epoch epoch, Outbox& out) {
  if (epoch < known_) return;
  leads_ = true;
  registered_ = true;
  known_ = root_epoch_ = epoch;
  root_ = view.self;
  echoes_.clear();
  for (const AgentId each : succession_.electors())
    if (each != view.self) echoes_[each] = view.now;
  out.emit(LeaderElected{.epoch = epoch});
  keep_lease(view, out);
  manager_ = kNobody;
  if (constitution_.empty()) {
    found(view, out);
  } else {
    office_.reopen(view, constitution_, profile_.abilities[kLead]);
    reorganise(view, with_root(constitution_, view.self, profile_.abilities[kLead]), "somebody else leads", view.self,
               out);
    // The books are opened before the others say what is done.
    office_.begin_jobs(view, known_, nodes_, team_, out);
    close_jobs(out);
  }
  neighbours_changed(view, out);
}

void Member::follow(const View& view, AgentId root, Epoch epoch, Outbox& out) {
  if (epoch < root_epoch_ || root == view.self) return;
  root_ = root;
  root_epoch_ = epoch;
  root_said_ = {};
  succession_.settled(out);
  succession_.renew(epoch, view.now);
  if (leads_) step_down(view, "somebody else leads", out);
  known_ = std::max(known_, Epoch{epoch.term, 0});
  neighbours_changed(view, out);
}

void Member::step_down(const View& view, std::string reason, Outbox& out) {
  if (!leads_) return;
  resign(out);
  const bool alone = root_ == view.self;
  if (alone) root_ = kNobody;
  if (placed()) {
    leave_place(view, std::move(reason), out);
  } else {
    out.emit(PlaceLeft{.epoch = known_, .position = 0, .reason = std::move(reason)});
    neighbours_changed(view, out);
  }
  if (alone) call_election(view, out);
}

/// A root by lease stops by itself when it may have lost its majority.
void Member::keep_lease(const View& view, Outbox& out) {
  if (succession_.kind() != ElectionKind::lease || !oversight_.on() || succession_.electors().size() < 2) return;
  std::vector<Time> echoes;
  for (const auto& [agent, time] : echoes_) echoes.push_back(time);
  const Time end = succession_.lease_end(std::move(echoes), view.now);
  end > view.now ? out.set_timer({.name = kLease}, end - view.now) : out.set_timer({.name = kLease}, Duration(1));
}

}  // namespace conclave
