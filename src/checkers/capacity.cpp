// Capacity: in one epoch nobody holds more roles than it may, or roles that together demand more of a resource than it
// has, or the same role twice; nobody both manages and works; and no role has more holders than are wanted of it. What
// agents have is what they have declared.

#include <fmt/core.h>

#include <map>
#include <set>

#include "core/catalog.hpp"
#include "core/hierarchy_events.hpp"

namespace conclave {
namespace {

class Capacity final : public Checker {
 public:
  Capacity(const NoOptions&, const RunFacts& facts) : roster_(facts.roster) {}

  void observe(const Event& event) override {
    if (!violation_.empty()) return;
    if (const auto* profile = event.record->as<ProfileDeclared>())
      profiles_[event.agent] = {profile->capacity, profile->roles_max};
    if (!roster_.honest(event.agent)) return;
    if (const auto* certified = event.record->as<AssignmentCertified>()) on_certified(event, *certified);
    if (const auto* given = event.record->as<RoleAssigned>()) on_assigned(event, *given);
  }

  Verdict conclude(const RunEnd&) override {
    if (!violation_.empty()) return {false, violation_};
    if (given_ == 0) return {false, "no role has been given to anybody"};
    return {true, fmt::format("{} roles given, {} to agents that hold several", given_, several_)};
  }

 private:
  struct Limits {
    std::vector<std::uint32_t> capacity;
    std::uint32_t roles_max = 1;
  };
  struct Load {
    std::vector<std::uint64_t> demand;
    std::set<std::string> roles;
    bool manages = false;
  };

  void on_certified(const Event& event, const AssignmentCertified& certified) {
    for (std::size_t role = 0; role < certified.roles.size() && role < certified.holders.size(); role++)
      if (certified.holders[role].size() > certified.counts[role])
        fail(event, fmt::format("gives `{}` to {} agents, where {} are wanted", certified.roles[role],
                                certified.holders[role].size(), certified.counts[role]));
  }

  void on_assigned(const Event& event, const RoleAssigned& given) {
    if (epoch_ != given.epoch) loads_.clear();
    epoch_ = given.epoch;
    given_++;
    const Limits& limits = profiles_[given.holder];
    Load& load = loads_[given.holder];
    const bool manages = given.role == "root" || given.role.starts_with("manager");
    const std::string holder = roster_.name(given.holder);
    if (!load.roles.insert(given.role).second)
      fail(event, fmt::format("gives {} the role `{}` twice", holder, given.role));
    if (load.roles.size() > 1 && (manages || load.manages)) fail(event, fmt::format("has {} manage and work", holder));
    load.manages = manages;
    several_ += load.roles.size() > 1;
    if (load.roles.size() > limits.roles_max)
      fail(event, fmt::format("gives {} {} roles, where {} are the most", holder, load.roles.size(), limits.roles_max));
    load.demand.resize(std::max(load.demand.size(), given.demand.size()));
    for (std::size_t k = 0; k < given.demand.size(); k++) {
      load.demand[k] += given.demand[k];
      const std::uint64_t has = k < limits.capacity.size() ? limits.capacity[k] : 0;
      if (load.demand[k] > has)
        fail(event, fmt::format("asks {} of resource {} of {}, which has {}", load.demand[k], k, holder, has));
    }
  }

  void fail(const Event& event, const std::string& what) {
    if (violation_.empty())
      violation_ = fmt::format("{} {} at {:.6f} s", roster_.name(event.agent), what, seconds(event.time));
  }

  const Roster& roster_;
  std::map<AgentId, Limits> profiles_;
  std::map<AgentId, Load> loads_;  ///< of the newest epoch
  Epoch epoch_;
  std::uint64_t given_ = 0;
  std::uint64_t several_ = 0;
  std::string violation_;
};

const bool registered = CheckerCatalog::add<Capacity>(
    {.name = "capacity", .family = "hierarchy", .summary = "roles within what their holders have and may hold"});

}  // namespace
}  // namespace conclave
