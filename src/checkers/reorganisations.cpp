// Reorganisations: no thrashing. A change that nothing forces must be expected to gain more than its hand-over costs,
// and comes no sooner than `calm` after the last such change. Of all changes, forced ones too, there are at most `most`
// within `per`: a member that makes its root change again and again must be found out before that.

#include <fmt/core.h>

#include <deque>
#include <optional>

#include "core/catalog.hpp"
#include "core/hierarchy_events.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

class Reorganisations final : public Checker {
 public:
  struct Options {
    Duration calm = std::chrono::seconds(5);
    std::uint32_t most = 20;
    Duration per = std::chrono::seconds(10);
    static const ParamTable& params() {
      static const auto table = Params<Options>()
                                    .add("calm", &Options::calm, "time between two changes that are not forced")
                                    .add("most", &Options::most, "changes of any kind within `per`", {.least = 1})
                                    .add("per", &Options::per, "see `most`", {.least = std::chrono::nanoseconds(1)});
      return table;
    }
  };

  Reorganisations(const Options& options, const RunFacts& facts) : roster_(facts.roster), options_(options) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent) || !violation_.empty()) return;
    const auto* change = event.record->as<Reorganised>();
    if (!change) return;
    all_++;
    recent_.push_back(event.time);
    while (recent_.front() + options_.per < event.time) recent_.pop_front();
    if (recent_.size() > options_.most)
      fail(event,
           fmt::format("changes the organisation for the {}th time within {}", recent_.size(), rounded(options_.per)));
    if (change->forced) return;
    voluntary_++;
    if (change->gain <= change->price)
      fail(event, fmt::format("changes the organisation to gain {} at the price of {}", rounded(change->gain),
                              rounded(change->price)));
    if (last_ && event.time - *last_ < options_.calm)
      fail(event, fmt::format("changes the organisation of its own will {} after it did so before",
                              rounded(event.time - *last_)));
    last_ = event.time;
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    if (all_ == 0) return {false, "nothing has been changed, so nothing could be judged"};
    return {true, fmt::format("{} changes, {} of them of the root's own will", all_, voluntary_)};
  }

 private:
  void fail(const Event& event, const std::string& what) {
    if (violation_.empty())
      violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  const Options options_;
  std::deque<Time> recent_;
  std::optional<Time> last_;
  std::uint64_t all_ = 0;
  std::uint64_t voluntary_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<Reorganisations>(
    {.name = "reorganisations", .family = "hierarchy", .summary = "changes pay, and are not too many"});

}  // namespace
}  // namespace conclave
