// Assignment certificate: what a root says of an assignment is so. Its cost is that of the holders it names, and no
// assignment costs less than the bound that it claims. The second follows from its prices by weak duality (see
// AssignmentCertified and protocols/hierarchy/assignment.hpp), whatever solver found them: libraries for assignment
// problems are known to have returned wrong answers.
//
// `gap` is how far from the bound an assignment may be that claims to be optimal, in thousandths of the bound: 0 where
// nothing but the number of roles limits agents.

#include <fmt/core.h>

#include <algorithm>

#include "core/catalog.hpp"
#include "core/hierarchy_events.hpp"

namespace conclave {
namespace {

class AssignmentCertificate final : public Checker {
 public:
  struct Options {
    std::uint32_t gap = 0;
    static const ParamTable& params() {
      static const auto table = Params<Options>().add(
          "gap", &Options::gap, "thousandths that an optimal assignment may cost above its bound");
      return table;
    }
  };

  AssignmentCertificate(const Options& options, const RunFacts& facts) : roster_(facts.roster), gap_(options.gap) {}

  void observe(const Event& event) override {
    const auto* certified = event.record->as<AssignmentCertified>();
    if (!certified || !violation_.empty()) return;
    const std::string problem = judge(*certified);
    judged_++;
    proven_ += problem.empty() && !certified->role_duals.empty();
    if (!problem.empty() && roster_.honest(event.agent))
      violation_ = fmt::format("{}, the {} of {} at {:.6f} s", problem, certified->stage, roster_.name(event.agent),
                               seconds(event.time));
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    if (judged_ == 0) return {false, "nobody has assigned anything"};
    return {true, fmt::format("{} assignments, {} proven to be within {}‰ of the optimum", judged_, proven_, gap_)};
  }

 private:
  std::string judge(const AssignmentCertified& a) const {
    const std::size_t roles = a.roles.size(), agents = a.agents.size();
    const bool whole = a.counts.size() == roles && a.penalties.size() == roles && a.holders.size() == roles &&
                       a.slots.size() == agents && a.costs.size() == roles * agents &&
                       a.demands.size() == roles * a.resources && a.capacities.size() == agents * a.resources;
    if (!whole) return "lists of wrong lengths";
    const std::int64_t cost = cost_of(a);
    if (cost < 0) return "a holder who cannot have the role";
    if (cost != a.cost) return fmt::format("a cost of {} that is said to be {}", cost, a.cost);
    if (a.method != "optimal") return {};
    if (a.role_duals.size() != roles || a.agent_duals.size() != agents ||
        a.resource_duals.size() != agents * a.resources)
      return "an optimum without its proof";
    for (std::size_t role = 0; role < roles; role++)
      if (a.role_duals[role] > static_cast<std::int64_t>(a.penalties[role])) return "a role priced above its penalty";
    const auto negative = [](std::int64_t price) { return price < 0; };
    if (std::any_of(a.agent_duals.begin(), a.agent_duals.end(), negative) ||
        std::any_of(a.resource_duals.begin(), a.resource_duals.end(), negative))
      return "a negative price";
    const std::int64_t bound = bound_of(a);
    if (bound != a.bound) return fmt::format("prices that prove a bound of {}, said to be {}", bound, a.bound);
    if (cost - bound > std::max<std::int64_t>(0, bound) * gap_ / 1000)
      return fmt::format("an assignment that costs {}, called optimal where {} is the bound", cost, bound);
    return {};
  }

  /// Negative if the holders are not ones that the problem allows.
  static std::int64_t cost_of(const AssignmentCertified& a) {
    std::int64_t cost = 0;
    for (std::size_t role = 0; role < a.roles.size(); role++) {
      if (a.holders[role].size() > a.counts[role]) return -1;
      for (const AgentId holder : a.holders[role]) {
        const auto at = std::lower_bound(a.agents.begin(), a.agents.end(), holder);
        if (at == a.agents.end() || *at != holder) return -1;
        const std::int64_t own = a.costs[role * a.agents.size() + static_cast<std::size_t>(at - a.agents.begin())];
        if (own < 0) return -1;
        cost += own;
      }
      cost += static_cast<std::int64_t>((a.counts[role] - a.holders[role].size()) * a.penalties[role]);
    }
    return cost;
  }

  static std::int64_t bound_of(const AssignmentCertified& a) {
    const std::size_t agents = a.agents.size();
    std::int64_t bound = 0;
    for (std::size_t role = 0; role < a.roles.size(); role++)
      bound += static_cast<std::int64_t>(a.counts[role]) * a.role_duals[role];
    for (std::size_t agent = 0; agent < agents; agent++)
      bound -= static_cast<std::int64_t>(a.slots[agent]) * a.agent_duals[agent];
    for (std::size_t i = 0; i < a.resource_duals.size(); i++)
      bound -= static_cast<std::int64_t>(a.capacities[i]) * a.resource_duals[i];
    for (std::size_t role = 0; role < a.roles.size(); role++)
      for (std::size_t agent = 0; agent < agents; agent++) {
        std::int64_t price = a.costs[role * agents + agent];
        if (price < 0) continue;
        for (std::size_t k = 0; k < a.resources; k++)
          price +=
              static_cast<std::int64_t>(a.demands[role * a.resources + k]) * a.resource_duals[agent * a.resources + k];
        bound -= std::max<std::int64_t>(0, a.role_duals[role] - a.agent_duals[agent] - price);
      }
    return bound;
  }

  const Roster& roster_;
  const std::int64_t gap_;
  std::uint64_t judged_ = 0;
  std::uint64_t proven_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<AssignmentCertificate>(
    {.name = "assignment_certificate",
     .family = "hierarchy",
     .summary = "assignments cost what is said, and optimal ones are proven so"});

}  // namespace
}  // namespace conclave
