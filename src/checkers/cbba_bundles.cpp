// What CBBA promises on a network that loses nothing: no two honest agents take the same task as theirs, none is left
// that somebody with room wants, the bundles are worth at least half of the optimum, and all of it is settled within
// N_min * D rounds, N_min the tasks that can be taken and D the diameter of who talks to whom (Choi, Brunet, How 2009).
// The optimum is exact (core/best_assignment.hpp), an agent standing for as many places as it has capacity.

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/auction_events.hpp"
#include "core/best_assignment.hpp"
#include "core/catalog.hpp"

namespace conclave {
namespace {

class CbbaBundles final : public Checker {
 public:
  CbbaBundles(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (!roster_.honest(event.agent)) {
      // What a liar takes is its own affair, but nobody else need want it.
      if (const auto* agreed = event.record->as<BundleAgreed>())
        elsewhere_[roster_.group_of(event.agent).agents.first].insert(agreed->tasks.begin(), agreed->tasks.end());
    } else if (event.record->as<BundlesBegun>()) {
      groups_[roster_.group_of(event.agent).agents.first][event.agent].begun =
          std::static_pointer_cast<const BundlesBegun>(event.record);
    } else if (event.record->as<BundleAgreed>()) {
      groups_[roster_.group_of(event.agent).agents.first][event.agent].agreed =
          std::static_pointer_cast<const BundleAgreed>(event.record);
    }
  }

  Verdict conclude(const RunEnd&) override {
    std::string story;
    for (const auto& [first, members] : groups_) story += (story.empty() ? "" : "; ") + judge(members);
    if (!violation_.empty()) return {false, violation_};
    if (groups_.empty()) return {false, "no agent has begun"};
    return {true, story};
  }

 private:
  struct Member {
    std::shared_ptr<const BundlesBegun> begun;
    std::shared_ptr<const BundleAgreed> agreed;
  };
  using Members = std::map<AgentId, Member>;

  std::string judge(const Members& members) {
    std::map<std::uint64_t, AgentId> holders;
    Millionths value = 0;
    std::uint64_t rounds = 0, places = 0;
    for (const auto& [id, member] : members) {
      if (!member.begun) continue;
      places += member.begun->capacity;
      if (!member.agreed) {
        fail(fmt::format("{} has not agreed on a bundle", roster_.name(id)));
        continue;
      }
      rounds = std::max(rounds, member.agreed->rounds);
      for (const std::uint64_t task : member.agreed->tasks) {
        const auto [holder, first] = holders.try_emplace(task, id);
        if (!first)
          fail(fmt::format("{} and {} have both agreed on task {}", roster_.name(holder->second), roster_.name(id),
                           task));
        else
          value += member.begun->scores[task - 1];
      }
    }
    if (members.empty() || !members.begin()->second.begun) return {};
    judge_unassigned(members, holders);
    const std::uint64_t tasks = members.begin()->second.begun->scores.size();
    const std::uint64_t bound = std::min(tasks, places) * members.begin()->second.begun->diameter;
    if (rounds > bound) fail(fmt::format("settled only after {} rounds, {} are allowed", rounds, bound));
    const Millionths most = optimum(members);
    if (2 * value < most) fail(fmt::format("the bundles are worth {}, less than half of the optimum {}", value, most));
    return fmt::format("{} of {} tasks taken after {} of {} rounds, worth {:.1f} % of the optimum", holders.size(),
                       tasks, rounds, bound,
                       most == 0 ? 100.0 : 100.0 * static_cast<double>(value) / static_cast<double>(most));
  }

  void judge_unassigned(const Members& members, const std::map<std::uint64_t, AgentId>& holders) {
    for (const auto& [id, member] : members) {
      if (!member.begun || !member.agreed || member.agreed->tasks.size() >= member.begun->capacity) continue;
      for (std::size_t task = 0; task < member.begun->scores.size(); task++)
        if (member.begun->scores[task] > 0 && !holders.contains(task + 1) && !taken_elsewhere(id, task + 1))
          fail(fmt::format("nobody has task {}, which {} wants and has room for", task + 1, roster_.name(id)));
    }
  }

  bool taken_elsewhere(AgentId id, std::uint64_t task) const {
    const auto group = elsewhere_.find(roster_.group_of(id).agents.first);
    return group != elsewhere_.end() && group->second.contains(task);
  }

  static Millionths optimum(const Members& members) {
    std::vector<Pairing> pairings;
    std::uint32_t place = 0;
    for (const auto& [id, member] : members) {
      if (!member.begun) continue;
      for (std::uint32_t i = 0; i < member.begun->capacity && i < member.begun->scores.size(); i++, place++)
        for (std::size_t task = 0; task < member.begun->scores.size(); task++)
          pairings.push_back({place, static_cast<std::uint32_t>(task), member.begun->scores[task]});
    }
    return best_assignment(pairings).gain;
  }

  void fail(std::string what) {
    if (violation_.empty()) violation_ = std::move(what);
  }

  const Roster& roster_;
  std::map<AgentId, Members> groups_;                     ///< by the first agent of the group
  std::map<AgentId, std::set<std::uint64_t>> elsewhere_;  ///< tasks that liars have taken, likewise
  std::string violation_;
};

const bool registered = CheckerCatalog::add<CbbaBundles>(
    {.name = "cbba_bundles",
     .family = "auction",
     .summary = "no task taken twice or forgotten, half of the optimum, within N D rounds"});

}  // namespace
}  // namespace conclave
