// Role holder: in one epoch a role has one holder, and what is done under an epoch that is over has no effect.
//
//   one holder    no two agents take the same place in one epoch; a term has one root
//   fenced        nobody begins a task by the order of an epoch lower than the one by which it last took its place; an
//                 owner accepts nothing of an epoch lower than one of which it has accepted something
//   exclusive     (if asked for) once a root has been elected, no root of a lower term settles tasks: there are never
//   two
//                 at a time. Bully and ring cannot promise this in a divided network, a lease can

#include <fmt/core.h>

#include <map>

#include "core/catalog.hpp"
#include "core/hierarchy_events.hpp"

namespace conclave {
namespace {

class RoleHolder final : public Checker {
 public:
  struct Options {
    bool exclusive = false;
    static const ParamTable& params() {
      static const auto table = Params<Options>().add("exclusive", &Options::exclusive,
                                                      "no root acts any more when another has been elected");
      return table;
    }
  };

  RoleHolder(const Options& options, const RunFacts& facts) : roster_(facts.roster), exclusive_(options.exclusive) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent) || !violation_.empty()) return;
    dispatch<MemberJoined, LeaderElected, TaskStarted, TaskSettled, JobAccepted>(
        *event.record, Overload{
                           [&](const MemberJoined& joined) { on_joined(event, joined); },
                           [&](const LeaderElected& elected) { on_root(event, elected.epoch.term); },
                           [&](const TaskStarted& task) { on_task(event, task); },
                           [&](const TaskSettled& task) { on_settled(event, task); },
                           [&](const JobAccepted& job) { on_accepted(event, job); },
                       });
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    if (holders_.empty()) return {false, "nobody has taken a place"};
    return {true, fmt::format("{} places taken, {} roots, {} tasks begun under a current epoch", holders_.size(),
                              roots_.size(), begun_)};
  }

 private:
  void on_joined(const Event& event, const MemberJoined& joined) {
    const auto [known, fresh] = holders_.try_emplace({joined.epoch, joined.position}, event.agent);
    if (!fresh && known->second != event.agent)
      return fail(event, fmt::format("takes place {}, which {} holds in the same epoch", joined.position,
                                     roster_.name(known->second)));
    if (joined.epoch < obeyed_[event.agent]) return fail(event, "takes a place by the order of an epoch that is over");
    obeyed_[event.agent] = joined.epoch;
    if (joined.manager == kNobody) on_root(event, joined.epoch.term);
  }

  void on_root(const Event& event, std::uint64_t term) {
    const auto [known, fresh] = roots_.try_emplace(term, event.agent);
    if (!fresh && known->second != event.agent)
      fail(event, fmt::format("is the root of term {}, which {} is too", term, roster_.name(known->second)));
    newest_ = std::max(newest_, term);
  }

  void on_task(const Event& event, const TaskStarted& task) {
    begun_++;
    if (task.epoch < obeyed_[event.agent])
      fail(event, fmt::format("begins task {} of job {} by an order of {}, whose epoch is over", task.task, task.job,
                              roster_.name(task.manager)));
  }

  void on_settled(const Event& event, const TaskSettled& task) {
    const auto root = roots_.find(task.epoch.term);
    if (root == roots_.end() || root->second != event.agent)
      return fail(event, fmt::format("settles task {} in a term that is not its own", task.task));
    if (exclusive_ && task.epoch.term < newest_)
      fail(event, fmt::format("settles task {} of job {} as root of term {} although {} leads term {}", task.task,
                              task.job, task.epoch.term, roster_.name(roots_.at(newest_)), newest_));
  }

  void on_accepted(const Event& event, const JobAccepted& job) {
    Epoch& accepted = accepted_[event.agent];
    if (job.epoch < accepted) fail(event, fmt::format("accepts job {} from a root that is none any more", job.job));
    accepted = job.epoch;
  }

  void fail(const Event& event, const std::string& what) {
    violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  const bool exclusive_;
  std::map<std::pair<Epoch, std::uint32_t>, AgentId> holders_;
  std::map<std::uint64_t, AgentId> roots_;
  std::map<AgentId, Epoch> obeyed_;
  std::map<AgentId, Epoch> accepted_;
  std::uint64_t newest_ = 0;
  std::uint64_t begun_ = 0;
  std::string violation_;
};

const bool registered =
    CheckerCatalog::add<RoleHolder>({.name = "role_holder",
                                     .family = "hierarchy",
                                     .summary = "one holder of a role in an epoch, fenced at every effect"});

}  // namespace
}  // namespace conclave
