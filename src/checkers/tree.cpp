// Tree: the organisation is one tree. From what members say of their places: whoever reports to somebody is reported to
// it by nobody else; nobody is above itself; no manager has more reports than the structure allows; and those who take
// their places stand under the newest root within a bound. A member is held to this once it has joined.
//
// An orphan is an honest live member whose manager is gone: it must have found its place again within `orphaned`, which
// is detection plus hand-over.

#include <fmt/core.h>

#include <map>
#include <set>

#include "core/catalog.hpp"
#include "core/fault_events.hpp"
#include "core/hierarchy_events.hpp"

namespace conclave {
namespace {

class Tree final : public Checker {
 public:
  struct Options {
    Duration orphaned = std::chrono::seconds(2);
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().add("orphaned", &Options::orphaned, "longest time without a live manager",
                                {.least = std::chrono::nanoseconds(1)});
      return table;
    }
  };

  Tree(const Options& options, const RunFacts& facts)
      : roster_(facts.roster), heal_at_(facts.heal_at), orphaned_(options.orphaned) {}

  EventKinds interests() const override { return {EventKind::emitted, EventKind::stopped, EventKind::restarted}; }

  void observe(const Event& event) override {
    if (!violation_.empty()) return;
    if (event.kind == EventKind::stopped) return gone(event.agent, event.time);
    if (event.kind == EventKind::restarted) return void(gone_.erase(event.agent));
    if (const auto* fault = event.record->as<FaultInjected>()) return on_fault(event, *fault);
    // Whoever has designed it: honest managers are held to what they were told.
    if (const auto* designed = event.record->as<StructureDesigned>()) span_ = std::max(span_, designed->span);
    if (!roster_.honest(event.agent)) return;
    if (const auto* ready = event.record->as<StructureReady>()) ready_ = ready_ || ready->members > 0;
    if (const auto* joined = event.record->as<MemberJoined>()) on_joined(event, *joined);
  }

  Verdict conclude(const RunEnd& end) override {
    if (!violation_.empty()) return {false, violation_};
    if (!ready_) return {false, "no organisation was ever in place"};
    std::string problem;
    for (const auto& [agent, place] : places_)
      if (problem.empty() && alive(agent)) problem = judge(agent, place, end.at);
    if (!problem.empty()) return {false, problem};
    return {true, fmt::format("{} members in one tree, at most {} reports each", places_.size(), most_reports_)};
  }

 private:
  struct Place {
    Epoch epoch;
    std::uint32_t position;
    AgentId manager;
    Time since;
  };

  bool alive(AgentId agent) const { return roster_.honest(agent) && !gone_.contains(agent); }

  void gone(AgentId agent, Time at) { gone_.emplace(agent, at); }

  void on_fault(const Event& event, const FaultInjected& fault) {
    if (fault.what == "crashed") gone(event.agent, event.time);
    if (fault.what.starts_with("recovered")) gone_.erase(event.agent);
  }

  void on_joined(const Event& event, const MemberJoined& joined) {
    if (joined.reports > span_)
      return fail(event, fmt::format("has {} reports, where {} are the most", joined.reports, span_));
    if (joined.manager == event.agent) return fail(event, "reports to itself");
    most_reports_ = std::max(most_reports_, joined.reports);
    const auto known = places_.find(event.agent);
    if (known != places_.end() && joined.epoch < known->second.epoch)
      return fail(event, "takes a place of an epoch that is over");
    places_[event.agent] = {joined.epoch, joined.position, joined.manager, event.time};
    if (joined.manager == kNobody && !(joined.epoch < newest_)) newest_ = joined.epoch, root_ = event.agent;
  }

  /// What is wrong with a live member's place at the end; empty if nothing is, or if there is still time.
  std::string judge(AgentId agent, const Place& place, Time end) const {
    if (agent == root_) return {};
    AgentId at = place.manager;
    std::set<AgentId> path{agent};
    while (at != kNobody && roster_.honest(at)) {
      if (!path.insert(at).second) return fmt::format("{} is above itself", roster_.name(agent));
      if (const auto dead = gone_.find(at); dead != gone_.end()) {
        const Time due = std::max(dead->second, heal_at_) + orphaned_;
        if (due > end) return {};
        return fmt::format("{} stands below {}, which is gone since {:.6f} s, and has no other place by {:.6f} s",
                           roster_.name(agent), roster_.name(at), seconds(dead->second), seconds(due));
      }
      if (at == root_) return {};
      const auto above = places_.find(at);
      if (above == places_.end())
        return fmt::format("{} reports to {}, which has no place", roster_.name(agent), roster_.name(at));
      at = above->second.manager;
    }
    if (at != kNobody) return judge_faulty(agent, at, end);
    if (std::max(place.since, heal_at_) + orphaned_ > end) return {};
    return fmt::format("{} does not stand below the newest root, {}", roster_.name(agent), roster_.name(root_));
  }

  /// A faulty manager may stand in the tree as long as it is not gone.
  std::string judge_faulty(AgentId agent, AgentId manager, Time end) const {
    const auto dead = gone_.find(manager);
    if (dead == gone_.end() || std::max(dead->second, heal_at_) + orphaned_ > end) return {};
    return fmt::format("{} stands below {}, which has crashed at {:.6f} s", roster_.name(agent), roster_.name(manager),
                       seconds(dead->second));
  }

  void fail(const Event& event, const std::string& what) {
    violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  const Time heal_at_;
  const Duration orphaned_;
  std::map<AgentId, Place> places_;
  std::map<AgentId, Time> gone_;
  std::uint32_t span_ = 0;
  std::uint32_t most_reports_ = 0;
  bool ready_ = false;
  Epoch newest_;
  AgentId root_ = kNobody;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<Tree>(
    {.name = "tree", .family = "hierarchy", .summary = "one tree, within its span, that no live member falls out of"});

}  // namespace
}  // namespace conclave
