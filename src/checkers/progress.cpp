// Progress: every request of an honest client completes within a bound. The bound counts from the request, or from
// heal_at when the network was still broken then. Requests whose bound lies beyond the end of the run are not judged,
// and that is said; a run in which nothing could be judged does not hold, for it has shown nothing.
//
// Theory counts such bounds in Δ, the longest that a message takes once the network is well. With `delta` and `deltas`
// the bound is their product, and the premise is checked too: a message that was sent after heal_at and took longer
// than Δ fails the check, for then nothing was owed and nothing is shown.

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class Progress final : public Checker {
 public:
  struct Options {
    Duration within = std::chrono::seconds(5);
    Duration delta{};
    std::uint32_t deltas = 0;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("within", &Options::within, "time in which a request must complete",
                   {.least = std::chrono::nanoseconds(1)})
              .add("delta", &Options::delta, "Δ: the longest that a message takes from heal_at on, which is checked")
              .add("deltas", &Options::deltas, "instead of `within`: the bound in Δ");
      return table;
    }
  };

  Progress(const Options& options, const RunFacts& facts)
      : roster_(facts.roster),
        heal_at_(facts.heal_at),
        delta_(options.delta),
        within_(options.deltas > 0 ? options.delta * std::int64_t{options.deltas} : options.within) {}

  static void check(const Options& options, const RunFacts&, const Value& written, Diagnostics& diagnostics) {
    if ((options.deltas > 0) == (options.delta > Duration::zero())) return;
    const Value* key = written.find(options.deltas > 0 ? "deltas" : "delta");
    diagnostics.error(key ? key->at : written.at, "a bound in Δ takes both `delta` and `deltas`",
                      "such as `progress: { delta: 10ms, deltas: 40 }`");
  }

  EventKinds interests() const override {
    return delta_ > Duration::zero() ? EventKinds{EventKind::emitted, EventKind::delivered}
                                     : EventKinds{EventKind::emitted};
  }

  void observe(const Event& event) override {
    if (event.kind == EventKind::delivered) return note_delay(event);
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
    if (delta_ > Duration::zero() && slowest_ > delta_)
      return {false, fmt::format("a message to {} took {} after the network was to be well, more than Δ = {}",
                                 roster_.name(slowest_to_), rounded(slowest_), rounded(delta_))};
    if (!violation_.empty()) return {false, fmt::format("{} of {} requests: {}", late_, judged_, violation_)};
    if (judged_ == 0) return {false, "no request could be judged: none was issued early enough before the end"};
    std::string detail = fmt::format("{} requests within {}", judged_, rounded(within_));
    if (delta_ > Duration::zero())
      detail += fmt::format(" = {} Δ, the slowest after {:.1f} Δ", within_ / delta_, seconds(worst_) / seconds(delta_));
    if (unjudged_ > 0) detail += fmt::format("; {} others were issued too late to judge", unjudged_);
    return {true, std::move(detail)};
  }

 private:
  using RequestName = std::pair<AgentId, std::uint64_t>;

  /// Between honest agents: nobody promises anything about the others.
  void note_delay(const Event& event) {
    const Duration took(static_cast<std::int64_t>(event.amount));
    if (event.time - took < heal_at_ || took <= slowest_) return;
    if (!roster_.honest(event.agent) || !roster_.honest(event.peer)) return;
    slowest_ = took;
    slowest_to_ = event.agent;
  }

  void judge(const RequestName& request, Time since, Time until, bool completed) {
    const Time due = std::max(since, heal_at_) + within_;
    if (!completed && due > until) {
      unjudged_++;
      return;
    }
    judged_++;
    worst_ = std::max(worst_, until - std::max(since, heal_at_));
    if (completed && until <= due) return;
    late_++;
    if (!violation_.empty()) return;
    violation_ =
        fmt::format("request {} of {}, issued at {:.6f} s, {} by {:.6f} s", request.second, roster_.name(request.first),
                    seconds(since), completed ? "had not completed" : "never completed, due", seconds(due));
  }

  const Roster& roster_;
  const Time heal_at_;
  const Duration delta_;  ///< zero where the bound is not in Δ
  const Duration within_;
  Duration slowest_{};  ///< the longest delay of a message since heal_at, where Δ is given
  AgentId slowest_to_ = kNobody;
  Duration worst_{};  ///< the longest that a request took of its bound
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
