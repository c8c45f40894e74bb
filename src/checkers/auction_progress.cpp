// Every task ends: an honest auctioneer reports it done or failed, once, within the time that it has promised when it
// called for bids. That is a promise about its own timers and does not hang on the network. What is due after the end
// of the run is not judged.

#include <fmt/core.h>

#include <map>

#include "checkers/auction_book.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

class AuctionProgress final : public Checker {
 public:
  struct Options {
    Probability done;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>().add("done", &Options::done, "share of the tasks that must be done rather than failed");
      return table;
    }
  };
  AuctionProgress(const Options& options, const RunFacts& facts) : roster_(facts.roster), share_(options.done) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent)) return;
    if (const auto* opened = event.record->as<AuctionOpened>()) {
      for (const AuctionTask& task : opened->tasks)
        due_[{event.agent, task.number}] = opened->deadline + opened->ends_within;
    } else if (const auto* closed = event.record->as<TaskClosed>()) {
      on_closed(event, *closed);
    }
  }

  Verdict conclude(const RunEnd& end) override {
    for (const auto& [task, due] : due_)
      if (due < end.at && !end.interrupted)
        fail(fmt::format("task {} of {} was neither done nor reported failed by {:.6f} s", task.second,
                         roster_.name(task.first), seconds(due)));
    if (!violation_.empty()) return {false, violation_};
    if (done_ + failed_ == 0) return {false, "no task has ended"};
    if (static_cast<double>(done_) < share_.value() * static_cast<double>(done_ + failed_))
      return {false, fmt::format("only {} of {} tasks were done", done_, done_ + failed_)};
    std::string detail = fmt::format("{} tasks done, {} reported failed", done_, failed_);
    if (!due_.empty()) detail += fmt::format("; {} others are not due before the end", due_.size());
    return {true, std::move(detail)};
  }

 private:
  void on_closed(const Event& event, const TaskClosed& closed) {
    const auto due = due_.find({event.agent, closed.task});
    if (due == due_.end())
      return fail(
          fmt::format("task {} of {} has ended again, or was never called", closed.task, roster_.name(event.agent)));
    if (event.time > due->second)
      fail(fmt::format("task {} of {} ended only at {:.6f} s, due at {:.6f} s", closed.task, roster_.name(event.agent),
                       seconds(event.time), seconds(due->second)));
    (closed.done ? done_ : failed_)++;
    due_.erase(due);
  }
  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  const Probability share_;
  std::map<TaskName, Time> due_;  ///< of tasks that have not ended
  std::uint64_t done_ = 0;
  std::uint64_t failed_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AuctionProgress>(
    {.name = "auction_progress", .family = "auction", .summary = "every task is done or reported failed in time"});

}  // namespace
}  // namespace conclave
