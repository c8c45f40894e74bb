// What a run reports of agents that share out tasks by themselves (CBBA): how many are taken, how many twice, after how
// many rounds, and how much the bundles are worth beside the optimum, which is exact up to kPairingsMax pairs of a
// place in a bundle and a task, and not given beyond. A task that several hold counts once, at its best.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/auction_events.hpp"
#include "core/best_assignment.hpp"
#include "core/catalog.hpp"
#include "core/units.hpp"

namespace conclave {
namespace {

constexpr std::size_t kPairingsMax = 1'000'000;

class Bundles final : public Outcome {
 public:
  Bundles(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (event.record->as<BundlesBegun>()) {
      members_[event.agent].begun = std::static_pointer_cast<const BundlesBegun>(event.record);
    } else if (event.record->as<BundleAgreed>()) {
      members_[event.agent].agreed = std::static_pointer_cast<const BundleAgreed>(event.record);
      last_ = event.time;
    }
  }

  std::string json(const RunEnd&) const override {
    if (members_.empty()) return {};
    const Totals totals = count();
    std::string list;
    for (const auto& [id, member] : members_) {
      list += fmt::format(R"({}{{"agent":"{}","agreed":{})", list.empty() ? "" : ",", roster_.name(id),
                          member.agreed != nullptr);
      if (member.agreed)
        list +=
            fmt::format(R"(,"rounds":{},"tasks":[{}])", member.agreed->rounds, fmt::join(member.agreed->tasks, ","));
      list += "}";
    }
    std::string out =
        fmt::format(R"({{"tasks":{},"taken":{},"taken_twice":{},"agents":{},"agreed":{},"rounds":{},"value":{:.6f})",
                    totals.tasks, totals.taken, totals.twice, members_.size(), totals.agreed, totals.rounds,
                    static_cast<double>(totals.value) / 1e6);
    if (totals.optimum)
      out += fmt::format(R"(,"optimum":{:.6f},"gap":{:.6f})", static_cast<double>(*totals.optimum) / 1e6, gap(totals));
    return out + fmt::format(R"(,"bundles":[{}]}})", list);
  }

  std::string summary(const RunEnd&) const override {
    if (members_.empty()) return {};
    const Totals totals = count();
    std::string text = fmt::format("{} of {} tasks taken by {} agents after {} rounds, {}", totals.taken, totals.tasks,
                                   members_.size(), totals.rounds, rounded(last_ - kStartOfRun));
    if (totals.twice > 0) text += fmt::format(" · {} taken twice", totals.twice);
    if (totals.optimum) text += fmt::format(" · {:.2f} % below the optimum", 100 * gap(totals));
    return text;
  }

 private:
  struct Member {
    std::shared_ptr<const BundlesBegun> begun;
    std::shared_ptr<const BundleAgreed> agreed;
  };
  struct Totals {
    std::size_t tasks = 0, taken = 0, twice = 0, agreed = 0;
    std::uint64_t rounds = 0;
    Millionths value = 0;
    std::optional<Millionths> optimum;
  };

  Totals count() const {
    Totals totals;
    std::map<std::uint64_t, Millionths> best;
    std::vector<Pairing> pairings;
    std::uint32_t place = 0;
    for (const auto& [id, member] : members_) {
      if (!member.begun) continue;
      const std::vector<Millionths>& scores = member.begun->scores;
      totals.tasks = std::max(totals.tasks, scores.size());
      for (std::uint32_t i = 0; i < member.begun->capacity && i < scores.size(); i++, place++)
        for (std::size_t task = 0; task < scores.size() && pairings.size() <= kPairingsMax; task++)
          pairings.push_back({place, static_cast<std::uint32_t>(task), scores[task]});
      if (!member.agreed) continue;
      totals.agreed++;
      totals.rounds = std::max(totals.rounds, member.agreed->rounds);
      for (const std::uint64_t task : member.agreed->tasks) {
        const auto [known, first] = best.try_emplace(task, scores[task - 1]);
        totals.twice += !first;
        known->second = std::max(known->second, scores[task - 1]);
      }
    }
    totals.taken = best.size();
    for (const auto& [task, score] : best) totals.value += score;
    if (pairings.size() <= kPairingsMax) totals.optimum = best_assignment(pairings).gain;
    return totals;
  }

  /// Requires the optimum.
  static double gap(const Totals& totals) {
    const Millionths most = *totals.optimum;
    return most == 0 ? 0 : static_cast<double>(most - totals.value) / static_cast<double>(most);
  }

  const Roster& roster_;
  std::map<AgentId, Member> members_;
  Time last_;
};

const bool registered =
    OutcomeCatalog::add<Bundles>({.name = "bundles",
                                  .family = "auction",
                                  .summary = "tasks shared out by CBBA: taken, twice, rounds, gap to the optimum"});

}  // namespace
}  // namespace conclave
