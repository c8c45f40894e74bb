// Progress: every request of an honest client completes within a bound. The bound counts from the request, or from
// heal_at when the network was still broken then. Requests whose bound lies beyond the end of the run are not judged,
// and that is said; a run in which nothing could be judged does not hold, for it has shown nothing.

#include <fmt/core.h>

#include <map>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class Progress final : public Checker {
 public:
  struct Options {
    Duration within = std::chrono::seconds(5);
    static const ParamTable& params() {
      static const auto table = Params<Options>().add(
          "within", &Options::within, "time in which a request must complete", {.least = std::chrono::nanoseconds(1)});
      return table;
    }
  };

  Progress(const Options& options, const RunFacts& facts)
      : roster_(facts.roster), heal_at_(facts.heal_at), within_(options.within) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent)) return;
    if (const auto* issued = event.record->as<RequestIssued>()) {
      open_.emplace(std::pair(event.agent, issued->request), event.time);
    } else if (const auto* completed = event.record->as<RequestCompleted>()) {
      const auto request = open_.find({event.agent, completed->request});
      if (request == open_.end()) return;
      judge(request->first, request->second, event.time, true);
      open_.erase(request);
    }
  }

  Verdict conclude(const RunEnd& end) override {
    for (const auto& [request, since] : open_) judge(request, since, end.at, false);
    if (!violation_.empty()) return {false, fmt::format("{} of {} requests: {}", late_, judged_, violation_)};
    if (judged_ == 0) return {false, "no request could be judged: none was issued early enough before the end"};
    std::string detail = fmt::format("{} requests within {}", judged_, rounded(within_));
    if (unjudged_ > 0) detail += fmt::format("; {} others were issued too late to judge", unjudged_);
    return {true, std::move(detail)};
  }

 private:
  using RequestName = std::pair<AgentId, std::uint64_t>;

  void judge(const RequestName& request, Time since, Time until, bool completed) {
    const Time due = std::max(since, heal_at_) + within_;
    if (!completed && due > until) {
      unjudged_++;
      return;
    }
    judged_++;
    if (completed && until <= due) return;
    late_++;
    if (!violation_.empty()) return;
    violation_ =
        fmt::format("request {} of {}, issued at {:.6f} s, {} by {:.6f} s", request.second, roster_.name(request.first),
                    seconds(since), completed ? "had not completed" : "never completed, due", seconds(due));
  }

  const Roster& roster_;
  const Time heal_at_;
  const Duration within_;
  std::map<RequestName, Time> open_;
  std::uint64_t judged_ = 0;
  std::uint64_t late_ = 0;
  std::uint64_t unjudged_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<Progress>(
    {.name = "progress", .family = "consensus", .summary = "requests of honest clients complete within a bound"});

}  // namespace
}  // namespace conclave
