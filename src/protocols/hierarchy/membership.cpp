#include "protocols/hierarchy/membership.hpp"

#include <algorithm>

namespace conclave {

namespace {

bool parents_first(const std::vector<OrgNode>& nodes) {
  for (std::size_t i = 1; i < nodes.size(); i++)
    if (nodes[i].parent >= i) return false;
  return true;
}

/// More tasks for each worker than any job has.
constexpr std::uint32_t kNoWindow = kTasksMax;

/// Whether all below the first are workers.
bool leads_team(const std::vector<OrgNode>& nodes) {
  const auto works = [](const OrgNode& node) { return node.skills != 0; };
  return nodes.size() > 1 && std::all_of(nodes.begin() + 1, nodes.end(), works);
}

}  // namespace

Membership::Membership(const MemberOptions& options, const Deployment& deployment)
    : options_(options),
      profile_(own_profile(options, deployment)),
      succession_({options.election, options.answer_within, options.lease},
                  electors_of(options, deployment.group.agents), kElection),
      office_(planning_of(options), {options.latency, options.message_cost, options.bandwidth, options.speed},
              options.retries),
      team_(options.window),
      labour_(profile_, needs_of(options)) {}

void Membership::resign(Outbox& out) {
  leads_ = false;
  out.cancel_timer({.name = kLease});
  office_.forget_progress();
}

void Membership::declare(Outbox& out) const {
  HierarchyProfile mine;
  mine.abilities = profile_.abilities;
  mine.capacity = profile_.capacity;
  mine.roles_max = profile_.roles_max;
  out.multicast(succession_.electors(), share(std::move(mine)));
}

// Founding and changing: the root plans when it has a job and time for profiles is over.

void Membership::on_profile(const View& view, AgentId from, const HierarchyProfile& profile, Outbox& out) {
  const bool whole = profile.abilities.size() == profile_.abilities.size() &&
                     profile.capacity.size() == profile_.capacity.size() && profile.roles_max > 0;
  const bool bounded = std::all_of(profile.abilities.begin(), profile.abilities.end(),
                                   [](std::uint32_t ability) { return ability <= kAbilityMost; });
  if (!view.peers.contains(from) || !whole || !bounded) return;
  if (const auto known = dismissed_.find(from); known != dismissed_.end() && view.now < known->second) return;
  office_.note_profile(from, {profile.abilities, profile.capacity, profile.roles_max});
  if (!rooted()) return;
  // Somebody without a place: it has come late, or has lost the one it had.
  std::vector<OrgNode> nodes = with_newcomer(without(nodes_, from), from);
  if (place_of(nodes, from) == nodes.size() && place_of(nodes_, from) == nodes_.size()) return;
  reorganise(view, std::move(nodes), "somebody has come", from, out);
}

/// With a place for the agent if there is room and it can do anything; otherwise it waits for one.
std::vector<OrgNode> Membership::with_newcomer(std::vector<OrgNode> nodes, AgentId agent) {
  const std::uint32_t skills = office_.skills_for(agent);
  if (skills == 0) return nodes;
  nodes = with_worker(std::move(nodes), agent, skills, office_.ability_to_lead(agent), office_.span(nodes_));
  place_of(nodes, agent) == nodes.size() ? void(waiting_.insert(agent)) : void(waiting_.erase(agent));
  return nodes;
}

void Membership::on_job(const View& view, Outbox& out) {
  if (!rooted()) return found(view, out);
  if (!ready_) return;
  reconsider(view, out);
  if (ready_) {
    office_.begin_jobs(view, known_, nodes_, team_, out);
    close_jobs(out);
  }
  give_out(view, out);
}

void Membership::found(const View& view, Outbox& out) {
  if (!registered_ || !leads_ || placed() || !office_.has_jobs()) return;
  enact(view, office_.found(view, known_, out), out);
}

/// A change that somebody's going or coming has forced.
void Membership::reorganise(const View& view, std::vector<OrgNode> nodes, std::string reason, AgentId about,
                            Outbox& out) {
  known_.revision++;
  out.emit(Reorganised{.epoch = known_, .reason = std::move(reason), .about = about, .forced = true});
  enact(view, std::move(nodes), out);
}

/// A new job may be worth another shape: if what it gains is above what the hand-over costs by a margin, and the last
/// such change is long enough ago.
void Membership::reconsider(const View& view, Outbox& out) {
  if (changed_at_ && view.now - *changed_at_ < options_.calm) return;
  const auto change = office_.better_design(view, nodes_, options_.hysteresis);
  if (!change) return;
  changed_at_ = view.now;
  known_.revision++;
  out.emit(Reorganised{.epoch = known_,
                       .reason = "another shape suits the new job",
                       .about = kNobody,
                       .forced = false,
                       .gain = change->gain,
                       .price = change->price});
  enact(view, office_.found(view, known_, out), out);
}

/// The organisation is this from now on: managers that have none get an appointment, electors a copy.
void Membership::enact(const View& view, std::vector<OrgNode> nodes, Outbox& out) {
  office_.appoint(view, known_, nodes, constitution_, out);
  HierarchyConstitution constitution;
  constitution.epoch = known_;
  constitution.nodes = nodes;
  if (succession_.electors().size() > 1) out.multicast(succession_.electors(), share(std::move(constitution)));
  constitution_ = nodes;
  take_place(view, kNobody, known_, std::move(nodes), {}, out);
}

// Places: everybody takes its own and hands on those of the others.

void Membership::refuse(AgentId from, Epoch sent, std::string_view message, Outbox& out) const {
  out.emit(StaleRefused{.sender = from, .sent = sent, .known = known_, .message = std::string(message)});
}

void Membership::on_charter(const View& view, AgentId from, const HierarchyCharter& charter, Outbox& out) {
  if (charter.nodes.empty() || charter.nodes[0].holder != view.self || !parents_first(charter.nodes)) return;
  if (charter.epoch < known_) return refuse(from, charter.epoch, HierarchyCharter::kName, out);
  if (!entitled(view, from, charter)) return;
  if (leads_) resign(out);
  if (placed() && charter.epoch == place_epoch_ && from == manager_) {
    if (ready_) ready_ = false, in_place(view, out);  // its answer was lost
    return;
  }
  take_place(view, from, charter.epoch, charter.nodes, charter.peers, out);
}

/// Whether the elector whose term it is has appointed the sender for it.
bool Membership::entitled(const View& view, AgentId from, const HierarchyCharter& charter) const {
  const AppointmentPtr& manager = charter.manager;
  if (!manager || manager->holder != from || manager->epoch != charter.epoch) return false;
  return view.crypto.verify(*manager, succession_.owner(charter.epoch));
}

void Membership::take_place(const View& view, AgentId manager, Epoch epoch, std::vector<OrgNode> nodes,
                            std::vector<AgentId> peers, Outbox& out) {
  new_term_ = epoch.term != place_epoch_.term;
  known_ = place_epoch_ = epoch;
  manager_ = manager;
  nodes_ = std::move(nodes);
  ready_ = homeless_ = false;
  out.cancel_timer({.name = kOrphan});
  const auto before = std::exchange(branches_, branches(nodes_));
  std::set<AgentId> kept;
  for (const auto& branch : branches_)
    for (const auto& old : before)
      if (old[0].holder == branch[0].holder && team_.joined(old[0].holder) && same_branch(old, branch))
        kept.insert(old[0].holder);
  team_.reset(nodes_, kept);
  // Above teams everything is shared out at once: what waits, waits with the leaders, who exchange it.
  if (in_teams()) team_.set_window(leads_team(nodes_) ? options_.window : kNoWindow);
  std::sort(peers.begin(), peers.end());
  for (const OrderPtr& order : exchange_.reset(std::move(peers))) team_.enqueue(order);
  labour_.renew(manager, epoch);
  out.emit(MemberJoined{.epoch = epoch,
                        .position = nodes_[0].position,
                        .manager = manager,
                        .reports = static_cast<std::uint32_t>(branches_.size())});
  for (const auto& branch : branches_)
    if (!kept.contains(branch[0].holder)) send_charter(branch, out);
  neighbours_changed(view, out);
  // A new root knows nothing of what is done: it is told again.
  if (new_term_ && manager != kNobody)
    for (const auto& [name, done] : labour_.all_done()) out.send(manager, done);
  if (!team_.empty()) give_back(view, team_.take_hopeless(), out);
  if (team_.all_joined()) return in_place(view, out);
  out.set_timer({.name = kJoin}, options_.join_within);
}

void Membership::send_charter(const std::vector<OrgNode>& branch, Outbox& out) const {
  HierarchyCharter charter;
  charter.epoch = charter_epoch();
  charter.manager = nodes_[0].appointment;
  charter.nodes = branch;
  for (const std::vector<OrgNode>& other : branches_)
    if (in_teams() && leads_team(branch) && leads_team(other) && other[0].holder != branch[0].holder)
      charter.peers.push_back(other[0].holder);
  out.send(branch[0].holder, share(std::move(charter)));
}

void Membership::on_joined(const View& view, AgentId from, const HierarchyJoined& joined, Outbox& out) {
  if (!team_.has(from)) return;
  if (joined.epoch < charter_epoch()) return refuse(from, joined.epoch, HierarchyJoined::kName, out);
  team_.note_joined(view, from, joined.members, joined.held);
  if (!ready_ && team_.all_joined()) in_place(view, out);
  give_out(view, out);
}

/// All below are in their places, or have had the time.
void Membership::in_place(const View& view, Outbox& out) {
  if (ready_ || !placed()) return;
  ready_ = true;
  new_term_ = false;
  out.cancel_timer({.name = kJoin});
  if (rooted()) {
    out.emit(StructureReady{.epoch = known_, .members = team_.members()});
    office_.begin_jobs(view, known_, nodes_, team_, out);
    close_jobs(out);
    return give_out(view, out);
  }
  HierarchyJoined joined;
  joined.epoch = place_epoch_;
  joined.members = team_.members();
  joined.held = held();
  out.send(manager_, share(std::move(joined)));
  give_out(view, out);
}

/// It has no manager any more, and asks for another place.
void Membership::leave_place(const View& view, std::string reason, Outbox& out) {
  if (!placed() || leads_) return;
  out.emit(PlaceLeft{.epoch = place_epoch_, .position = nodes_[0].position, .reason = std::move(reason)});
  nodes_.clear(), branches_.clear();
  team_ = Team(options_.window);
  exchange_ = {};
  homeless_ = true;
  manager_ = kNobody;
  neighbours_changed(view, out);
  declare(out);
}

std::vector<TaskName> Membership::held() const {
  std::vector<TaskName> all = team_.held();
  const std::vector<TaskName> own = labour_.held();
  all.insert(all.end(), own.begin(), own.end());
  for (const auto& [name, loan] : exchange_.lent()) all.push_back(name);
  std::sort(all.begin(), all.end());
  return all;
}

// Work: down as orders, up as results.

void Membership::on_order(const View& view, AgentId from, const OrderPtr& order, Outbox& out) {
  const bool peer = exchange_.has(from);
  // Peers may have heard of the same term at different revisions.
  const bool stale = peer ? order->epoch.term < place_epoch_.term : order->epoch < place_epoch_;
  if (stale) return refuse(from, order->epoch, HierarchyDelegate::kName, out);
  if ((from != manager_ && !peer) || !placed()) return;
  exchange_.busy();
  if (peer) {
    exchange_.borrow(from, order->name);
    out.emit(WorkTaken{.from = from, .job = order->name.job, .task = order->name.task});
  }
  if (team_.empty()) return do_myself(view, order, out);
  team_.enqueue(order);
  give_out(view, out);
}

void Membership::do_myself(const View& view, const OrderPtr& order, Outbox& out) {
  if (const ResultPtr done = labour_.done(order->name)) return report(view, done, out);
  labour_.take(view, manager_, order, out);
}

void Membership::give_out(const View& view, Outbox& out) {
  if (view.now < paused_until_ || (rooted() && new_term_)) return;
  for (const OrderPtr& own : team_.dispatch(view, place_epoch_, out)) do_myself(view, own, out);
  if (team_.hungry() && !team_.empty()) exchange_.seek(place_epoch_, out);
}

void Membership::on_steal(const View&, AgentId from, const HierarchySteal& steal, Outbox& out) {
  if (!exchange_.has(from) || steal.epoch.term != place_epoch_.term) return;
  const std::vector<OrderPtr> half = team_.give_away_half();
  for (const OrderPtr& order : half) exchange_.lend(from, order, place_epoch_, out);
  if (!half.empty()) return;
  HierarchyNothing nothing;
  nothing.epoch = place_epoch_;
  out.send(from, share(std::move(nothing)));
}

/// A result is its worker's own, and true: whoever passes on what is not, lies or has not looked.
bool Membership::believable(const View& view, AgentId from, const HierarchyResult& result, Outbox& out) {
  if (!result.completed) return true;
  if (!view.crypto.verify(result, result.worker)) {
    accuse(view, from, "forged result", result.name, out);
    return false;
  }
  if (result.value == true_value(result.name)) return true;
  accuse(view, team_.has(result.worker) || rooted() ? result.worker : from, "false result", result.name, out);
  return false;
}

void Membership::on_result(const View& view, AgentId from, const ResultPtr& result, Outbox& out) {
  const bool lent = exchange_.settle(from, result->name);
  if ((!team_.has(from) && !lent) || !believable(view, from, *result, out)) return;
  team_.settle(from, result->name);
  exchange_.busy();
  if (result->completed) team_.withdraw(result->name);
  report(view, result, out);
  give_out(view, out);
}

void Membership::report(const View& view, const ResultPtr& result, Outbox& out) {
  if (!rooted()) {
    const AgentId to = exchange_.creditor(result->name).value_or(manager_);
    if (to != kNobody) out.send(to, result);
    return;
  }
  office_.settle(view, known_, *result, team_, out);
  close_jobs(out);
  for (const AgentId agent : office_.take_unfit()) {
    reorganise(view, with_newcomer(without(nodes_, agent), agent), "somebody cannot do what it works at", agent, out);
  }
  give_out(view, out);
}

/// These are not done here: whoever gave them may try otherwise.
void Membership::give_back(const View& view, const std::vector<OrderPtr>& orders, Outbox& out) {
  for (const OrderPtr& order : orders) {
    HierarchyResult failed;
    failed.epoch = place_epoch_;
    failed.name = order->name;
    report(view, share(std::move(failed)), out);
  }
}

void Membership::close_jobs(Outbox& out) {
  for (const ReportPtr& report : office_.take_finished()) {
    office_.note_closed(report);
    team_.forget(report->job);
    HierarchyClosed closed;
    closed.epoch = known_;
    closed.report = report;
    if (succession_.electors().size() > 1) out.multicast(succession_.electors(), share(std::move(closed)));
  }
}

}  // namespace conclave
