// Deadlock: requests of honest clients are open and nothing happens any more. The honest replicas have said nothing for
// a while, though the network delivers and a view change, at least, should have been tried; or the run has ended for
// lack of anything to do. A group that tries in vain again and again is not deadlocked; `progress` finds that.

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

namespace conclave {
namespace {

class Deadlock final : public Checker {
 public:
  struct Options {
    Duration quiet = std::chrono::seconds(10);
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().add("quiet", &Options::quiet, "time without a word of any replica that is too long",
                                {.least = std::chrono::nanoseconds(1)});
      return table;
    }
  };

  Deadlock(const Options& options, const RunFacts& facts)
      : roster_(facts.roster), heal_at_(facts.heal_at), stop_at_(facts.stop_at), quiet_(options.quiet) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent)) return;
    if (const auto* issued = event.record->as<RequestIssued>()) {
      if (open_.empty()) note(event.time);  // until then silence was right
      open_.emplace(std::pair(event.agent, issued->request), event.time);
    } else if (const auto* completed = event.record->as<RequestCompleted>()) {
      open_.erase({event.agent, completed->request});
    } else {
      note(event.time);
    }
  }

  Verdict conclude(const RunEnd& end) override {
    if (!open_.empty() && !end.interrupted && end.at < stop_at_)
      return {false, fmt::format("nothing was left to do at {:.6f} s: {}", seconds(end.at), open_text())};
    if (!open_.empty()) note(end.at);
    if (longest_ > quiet_)
      return {false, fmt::format("no replica said a word for {} from {:.6f} s on: {}", rounded(longest_),
                                 seconds(silent_since_), open_.empty() ? "requests were open" : open_text())};
    return {true, fmt::format("silent for {} at most while requests were open", rounded(longest_))};
  }

 private:
  /// Something happens: how long has nothing?
  void note(Time now) {
    const Time since = std::max(last_, heal_at_);
    if (!open_.empty() && now > since && now - since > longest_) {
      longest_ = now - since;
      silent_since_ = since;
    }
    last_ = now;
  }

  std::string open_text() const {
    const auto& [request, since] =
        *std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return fmt::format("{} requests are open, first request {} of {}, issued at {:.6f} s", open_.size(), request.second,
                       roster_.name(request.first), seconds(since));
  }

  const Roster& roster_;
  const Time heal_at_;
  const Time stop_at_;
  const Duration quiet_;
  std::map<std::pair<AgentId, std::uint64_t>, Time> open_;
  Time last_ = kStartOfRun;
  Duration longest_{};
  Time silent_since_ = kStartOfRun;
};

const bool registered = CheckerCatalog::add<Deadlock>(
    {.name = "deadlock", .family = "consensus", .summary = "while requests are open, something happens"});

}  // namespace
}  // namespace conclave
