// What a run reports of its hierarchy: the complexity of the jobs, the structure, who has which role and what makes up
// for what it lacks, what nobody could take and what was done instead, how good the assignment is against its bound,
// and for each job what was expected beside what was measured.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/catalog.hpp"
#include "core/fault_events.hpp"
#include "core/hierarchy_events.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

/// Assignments listed; more are only counted.
constexpr std::size_t kAssignmentsListed = 200;

class HierarchyOutcome final : public Outcome {
 public:
  HierarchyOutcome(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  EventKinds interests() const override { return {EventKind::emitted, EventKind::delivered, EventKind::sent}; }

  void observe(const Event& event) override {
    if (event.kind == EventKind::delivered) return count(event);
    if (event.kind == EventKind::sent) return count_hand_over(event);
    if (note_care(event)) return;
    dispatch<ProfileDeclared, TaskAnalysed, StructureDesigned, RoleAssigned, RoleUnassigned, AssignmentCertified,
             PerformancePredicted, JobStarted, JobFinished, JobAccepted, TaskFinished, FallbackExecuted, MemberJoined,
             StaleRefused>(*event.record,
                           Overload{
                               [&](const ProfileDeclared&) { members_.insert(event.agent); },
                               [&](const TaskAnalysed& job) { jobs_[job.job].analysed = event.record; },
                               [&](const StructureDesigned& designed) { on_designed(event, designed); },
                               [&](const RoleAssigned& role) { on_assigned(event, role); },
                               [&](const RoleUnassigned&) { unassigned_.push_back(event.record); },
                               [&](const AssignmentCertified& certified) { on_certified(certified); },
                               [&](const PerformancePredicted& said) { jobs_[said.job].predicted = event.record; },
                               [&](const JobStarted& job) { on_started(job); },
                               [&](const JobFinished& job) { on_finished(event, job); },
                               [&](const JobAccepted& job) { jobs_[job.job].accepted = event.record; },
                               [&](const TaskFinished& task) { on_task(event, task); },
                               [&](const FallbackExecuted&) { fallbacks_++; },
                               [&](const MemberJoined&) { joins_++; },
                               [&](const StaleRefused&) { stale_++; },
                           });
  }

  std::string json(const RunEnd&) const override {
    if (jobs_.empty() && !designed_) return {};
    std::string out = "{\"jobs\":[";
    for (const auto& [id, job] : jobs_) out += (out.back() == '[' ? "" : ",") + job_json(id, job);
    out += "]";
    if (designed_) out += ",\"structure\":" + designed_->json();
    out += assignments_json() + unassigned_json();
    if (const auto efficiency = assignment_efficiency())
      out += fmt::format(R"(,"assignment_efficiency":{:.3f})", static_cast<double>(*efficiency) / 1000);
    out += ",\"unassigned_agents\":[";
    for (const AgentId agent : members_)
      if (!roles_.contains(agent)) out += fmt::format("{}\"{}\"", out.back() == '[' ? "" : ",", roster_.name(agent));
    out += fmt::format(R"(],"fallbacks_executed":{},"designs":{},"places_taken":{},"stale_refused":{})", fallbacks_,
                       designs_, joins_, stale_);
    return out + care_json() + ",\"load_distribution\":" + load_json() + "}";
  }

  std::string summary(const RunEnd&) const override {
    if (jobs_.empty()) return {};
    std::uint64_t accepted = 0;
    for (const auto& [id, job] : jobs_) accepted += job.accepted != nullptr;
    std::string text = fmt::format("{} of {} jobs done", accepted, jobs_.size());
    if (changes_ > 0) text += fmt::format(", {} reorganisations in {}", changes_, rounded(down_));
    if (const StructureDesigned* s = designed_ ? designed_->as<StructureDesigned>() : nullptr)
      text += fmt::format(" by a {} of {} members, span {}, {} levels", s->structure, s->members, s->span, s->levels);
    const Job& first = jobs_.begin()->second;
    if (first.predicted && first.makespan)
      text += fmt::format(" · makespan {} predicted, {} measured",
                          rounded(first.predicted->as<PerformancePredicted>()->makespan), rounded(*first.makespan));
    return text;
  }

 private:
  struct Job {
    RecordPtr analysed;
    RecordPtr predicted;
    RecordPtr accepted;
    std::optional<Duration> makespan;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t messages = 0;
    bool open = false;
  };

  /// Messages of the work: what the prediction is about. While several jobs are open they share them.
  void count(const Event& event) {
    const std::string_view kind = event.type->name;
    if (kind != "hierarchy_delegate" && kind != "hierarchy_result" && kind != "hierarchy_report") return;
    messages_++;
  }

  /// Messages that exist only because places change hands.
  void count_hand_over(const Event& event) {
    const std::string_view kind = event.type->name;
    const bool place = kind == "hierarchy_charter" || kind == "hierarchy_joined" || kind == "hierarchy_constitution";
    if (!place || changes_ == 0) return;
    hand_over_messages_++;
    hand_over_bytes_ += event.amount;
  }

  /// What is done about those who are missed or misbehave. False if the event is not about that.
  bool note_care(const Event& event) {
    return dispatch<Suspected, ElectionCalled, LeaderElected, Reorganised, MemberAccused, AbilityObserved, WorkTaken,
                    Escalated, StructureReady, FaultInjected>(
        *event.record, Overload{
                           [&](const Suspected&) { suspicions_++; },
                           [&](const ElectionCalled&) { elections_++; },
                           [&](const LeaderElected&) { leaders_++, down_since_ = down_since_.value_or(event.time); },
                           [&](const Reorganised&) { changes_++, down_since_ = down_since_.value_or(event.time); },
                           [&](const MemberAccused& said) {
                             accusations_[{said.accused, said.offence}]++;
                           },
                           [&](const AbilityObserved& seen) { observed_[seen.agent] = event.record; },
                           [&](const WorkTaken&) { exchanged_++; },
                           [&](const Escalated&) { escalations_++; },
                           [&](const StructureReady&) { on_ready(event); },
                           [&](const FaultInjected&) {},
                       });
  }

  void on_ready(const Event& event) {
    if (down_since_) down_ += event.time - *down_since_;
    down_since_.reset();
  }

  std::string care_json() const {
    std::string out = fmt::format(
        R"(,"suspicions":{},"elections":{},"leaders_elected":{},"reorganisations":{},"hand_over":{{"messages":{},)"
        R"("bytes":{},"downtime_ns":{}}},"escalations":{},"tasks_exchanged":{},"accusations":[)",
        suspicions_, elections_, leaders_, changes_, hand_over_messages_, hand_over_bytes_, down_.count(), escalations_,
        exchanged_);
    for (const auto& [what, count] : accusations_)
      out += fmt::format(R"({}{{"agent":"{}","offence":"{}","times":{}}})", out.back() == '[' ? "" : ",",
                         roster_.name(what.first), what.second, count);
    out += "],\"observed_abilities\":[";
    for (const auto& [agent, record] : observed_) out += (out.back() == '[' ? "" : ",") + record->json();
    return out + "]";
  }

  void on_started(const JobStarted& started) {
    Job& job = jobs_[started.job];
    if (!job.open) job.messages = messages_;
    job.open = true;
  }

  void on_finished(const Event&, const JobFinished& finished) {
    Job& job = jobs_[finished.job];
    job.makespan = finished.makespan;
    job.completed = finished.completed, job.failed = finished.failed;
    if (job.open) job.messages = messages_ - job.messages + 1;  // and the report, which is on its way
    job.open = false;
  }

  void on_designed(const Event& event, const StructureDesigned&) {
    designed_ = event.record;
    designs_++;
    roles_.clear(), unassigned_.clear();
    cost_ = bound_ = 0, worst_ = 0, claimed_ = true;
  }

  void on_assigned(const Event& event, const RoleAssigned& role) { roles_[role.holder].push_back(event.record); }

  void on_certified(const AssignmentCertified& certified) {
    cost_ += certified.cost;
    for (std::size_t role = 0; role < certified.roles.size(); role++)
      worst_ += static_cast<std::int64_t>(certified.counts[role] * certified.penalties[role]);
    certified.role_duals.empty() ? void(claimed_ = false) : void(bound_ += certified.bound);
  }

  void on_task(const Event& event, const TaskFinished& task) {
    busy_[event.agent] += task.elapsed;
    tasks_[event.agent]++;
  }

  /// How much of what could be gained over giving no role at all is gained, in thousandths.
  std::optional<std::int64_t> assignment_efficiency() const {
    if (worst_ == 0) return std::nullopt;
    return (worst_ - cost_) * 1000 / std::max<std::int64_t>(1, worst_ - (claimed_ ? bound_ : 0));
  }

  std::string job_json(std::uint64_t id, const Job& job) const {
    std::string out = fmt::format(R"({{"job":{},"complexity":{})", id, job.analysed ? job.analysed->json() : "null");
    out += fmt::format(R"(,"completed":{},"failed":{},"accepted":{})", job.completed, job.failed,
                       job.accepted ? job.accepted->json() : "null");
    out += fmt::format(R"(,"predicted":{})", job.predicted ? job.predicted->json() : "null");
    if (job.makespan)
      out += fmt::format(R"(,"measured":{{"makespan_ns":{},"messages":{}}})", job.makespan->count(), job.messages);
    return out + "}";
  }

  std::string assignments_json() const {
    std::string out = ",\"assignments\":[";
    std::size_t listed = 0, total = 0;
    for (const auto& [holder, roles] : roles_)
      for (const RecordPtr& record : roles) {
        total++;
        if (listed == kAssignmentsListed) continue;
        listed++;
        const auto& role = *record->as<RoleAssigned>();
        out += fmt::format(R"({}{{"role":"{}","position":{},"agent":"{}","suitability":{},"confidence":{},)"
                           R"("expected":{},"adaptations":[{}]}})",
                           out.back() == '[' ? "" : ",", role.role, role.position, roster_.name(holder),
                           role.suitability, role.confidence, role.expected, adaptations(role));
      }
    return out + fmt::format(R"(],"assigned":{})", total);
  }

  static std::string adaptations(const RoleAssigned& role) {
    std::string out;
    for (const Adaptation& each : role.adaptations)
      out += fmt::format(R"({}{{"skill":{},"has":{},"needs":{},"slowdown":{:.2f}}})", out.empty() ? "" : ",",
                         each.skill, each.has, each.needs,
                         static_cast<double>(each.needs) / static_cast<double>(std::max(1u, each.has)));
    return out;
  }

  std::string unassigned_json() const {
    std::string out = ",\"unassigned_roles\":[";
    for (const RecordPtr& each : unassigned_) out += (out.back() == '[' ? "" : ",") + each->json();
    return out + "]";
  }

  /// Of those who have worked: tasks and busy time.
  std::string load_json() const {
    std::vector<std::int64_t> busy;
    for (const auto& [agent, time] : busy_) busy.push_back(time.count());
    std::sort(busy.begin(), busy.end());
    if (busy.empty()) return "null";
    std::int64_t total = 0;
    for (const std::int64_t each : busy) total += each;
    return fmt::format(R"({{"workers":{},"busy_mean_ns":{},"busy_median_ns":{},"busy_least_ns":{},"busy_most_ns":{}}})",
                       busy.size(), total / static_cast<std::int64_t>(busy.size()), busy[busy.size() / 2], busy.front(),
                       busy.back());
  }

  const Roster& roster_;
  std::set<AgentId> members_;
  std::map<std::uint64_t, Job> jobs_;
  RecordPtr designed_;
  std::map<AgentId, std::vector<RecordPtr>> roles_;
  std::vector<RecordPtr> unassigned_;
  std::map<AgentId, Duration> busy_;
  std::map<AgentId, std::uint64_t> tasks_;
  std::int64_t cost_ = 0;
  std::int64_t bound_ = 0;
  std::int64_t worst_ = 0;
  bool claimed_ = true;
  std::map<std::pair<AgentId, std::string>, std::uint64_t> accusations_;
  std::map<AgentId, RecordPtr> observed_;
  std::optional<Time> down_since_;  ///< a hand-over is under way
  Duration down_{};
  std::uint64_t suspicions_ = 0, elections_ = 0, leaders_ = 0, changes_ = 0, escalations_ = 0, exchanged_ = 0;
  std::uint64_t hand_over_messages_ = 0, hand_over_bytes_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t fallbacks_ = 0;
  std::uint64_t designs_ = 0;
  std::uint64_t joins_ = 0;
  std::uint64_t stale_ = 0;
};

const bool registered = OutcomeCatalog::add<HierarchyOutcome>(
    {.name = "hierarchy",
     .family = "hierarchy",
     .summary = "complexity, structure, roles, and what was predicted beside what was measured"});

}  // namespace
}  // namespace conclave
