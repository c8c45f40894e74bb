// One holder at most: no two honest bidders hold the same task of an honest auctioneer, or of nobody (CBBA), in one
// instant, and a task that is reported done has been executed by who is said to have done it.

#include <fmt/core.h>

#include <map>
#include <set>

#include "checkers/auction_book.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

class AuctionHolders final : public Checker {
 public:
  AuctionHolders(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent)) return;
    dispatch<TaskHeld, TaskLeft, TaskClosed>(
        *event.record, Overload{
                           [&](const TaskHeld& held) {
                             on_held(event, {held.auctioneer, held.task});
                           },
                           [&](const TaskLeft& left) {
                             const TaskName task{left.auctioneer, left.task};
                             if (const auto holder = holders_.find(task);
                                 holder != holders_.end() && holder->second == event.agent)
                               holders_.erase(holder);
                             if (left.executed) executed_.insert({task, event.agent});
                           },
                           [&](const TaskClosed& closed) {
                             if (closed.done) claimed_.emplace_back(TaskName{event.agent, closed.task}, closed.bidder);
                           },
                       });
  }

  Verdict conclude(const RunEnd&) override {
    for (const auto& [task, bidder] : claimed_)
      if (roster_.honest(bidder) && !executed_.contains({task, bidder}))
        fail(fmt::format("{} is reported done by {}, who has not executed it", text(task), roster_.name(bidder)));
    if (!violation_.empty()) return {false, violation_};
    if (held_ == 0) return {false, "no bidder has ever held a task"};
    return {true, fmt::format("{} times a task was held, never by two at once", held_)};
  }

 private:
  void on_held(const Event& event, const TaskName& task) {
    if (task.first != kNobody && !roster_.honest(task.first)) return;
    held_++;
    const auto [holder, first] = holders_.try_emplace(task, event.agent);
    if (!first)
      fail(fmt::format("at {:.6f} s {} holds {}, which {} still holds", seconds(event.time), roster_.name(event.agent),
                       text(task), roster_.name(holder->second)));
  }

  std::string text(const TaskName& task) const {
    return task.first == kNobody ? fmt::format("task {}", task.second)
                                 : fmt::format("task {} of {}", task.second, roster_.name(task.first));
  }
  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  std::map<TaskName, AgentId> holders_;
  std::set<std::pair<TaskName, AgentId>> executed_;
  std::vector<std::pair<TaskName, AgentId>> claimed_;  ///< who is said to have done it
  std::uint64_t held_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AuctionHolders>(
    {.name = "auction_holders", .family = "auction", .summary = "no task is held by two bidders at once"});

}  // namespace
}  // namespace conclave
