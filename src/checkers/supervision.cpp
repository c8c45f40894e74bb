// Supervision: what managers do when they lose a report keeps the rules of supervisors. Work is stopped in the reverse
// order of its start; stopped work begins again or is given up; and no manager begins again more often within `period`
// than `restarts` allow, where giving up counts as the end of it.

#include <fmt/core.h>

#include <deque>
#include <map>

#include "core/catalog.hpp"
#include "core/hierarchy_events.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class SupervisionJudge final : public Checker {
 public:
  struct Options {
    std::uint32_t restarts = 3;
    Duration period = std::chrono::seconds(5);
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("restarts", &Options::restarts, "incidents within `period` after which work may begin again")
              .add("period", &Options::period, "see `restarts`");
      return table;
    }
  };

  SupervisionJudge(const Options& options, const RunFacts& facts)
      : roster_(facts.roster), restarts_(options.restarts), period_(options.period) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent) || !violation_.empty()) return;
    if (const auto* stopped = event.record->as<WorkStopped>()) on_stopped(event, *stopped);
    if (const auto* escalated = event.record->as<Escalated>()) on_escalated(event, *escalated);
  }

  Verdict conclude(const RunEnd&) override {
    for (auto& [manager, own] : managers_) close(manager, own);
    if (!violation_.empty()) return {false, violation_};
    if (incidents_ == 0) return {false, "no manager has lost a report"};
    return {true, fmt::format("{} incidents, {} given up; at most {} restarts within the period", incidents_, given_up_,
                              most_)};
  }

 private:
  struct Manager {
    std::uint64_t incident = 0;  ///< the one under way; 0 before the first
    std::uint32_t order = 0;     ///< of the last one stopped in it
    Time at;
    bool escalated = false;
    std::deque<Time> restarts;
  };

  void on_stopped(const Event& event, const WorkStopped& stopped) {
    Manager& own = managers_[event.agent];
    if (own.incident != stopped.incident) {
      close(event.agent, own);
      own = {stopped.incident, stopped.order, event.time, false, std::move(own.restarts)};
      incidents_++;
    } else if (stopped.order >= own.order) {
      violation_ = fmt::format("{} stops the work of {}, started later, after that of one started before, at {:.6f} s",
                               roster_.name(event.agent), roster_.name(stopped.report), seconds(event.time));
    }
    own.order = stopped.order;
  }

  void on_escalated(const Event& event, const Escalated& escalated) {
    Manager& own = managers_[event.agent];
    own.escalated = own.incident == escalated.incident;
    given_up_++;
  }

  /// The incident under way is over: if it was not given up, work has begun again.
  void close(AgentId manager, Manager& own) {
    if (own.incident == 0 || own.escalated) return;
    while (!own.restarts.empty() && own.restarts.front() + period_ < own.at) own.restarts.pop_front();
    own.restarts.push_back(own.at);
    most_ = std::max(most_, own.restarts.size());
    if (own.restarts.size() > restarts_ && violation_.empty())
      violation_ =
          fmt::format("{} begins again after {} incidents within {}, the last at {:.6f} s, where {} are the most",
                      roster_.name(manager), own.restarts.size(), rounded(period_), seconds(own.at), restarts_);
  }

  const Roster& roster_;
  const std::uint32_t restarts_;
  const Duration period_;
  std::map<AgentId, Manager> managers_;
  std::uint64_t incidents_ = 0;
  std::uint64_t given_up_ = 0;
  std::size_t most_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<SupervisionJudge>(
    {.name = "supervision", .family = "hierarchy", .summary = "restart intensity, and the order in which work stops"});

}  // namespace
}  // namespace conclave
