// The options of a member of a hierarchy, and the rules of its parts that follow from them.
#pragma once

#include <vector>

#include "core/catalog.hpp"
#include "protocols/hierarchy/oversight.hpp"
#include "protocols/hierarchy/planning.hpp"
#include "protocols/hierarchy/prediction.hpp"
#include "protocols/hierarchy/profile.hpp"
#include "protocols/hierarchy/succession.hpp"
#include "protocols/hierarchy/supervision.hpp"

namespace conclave {

struct MemberOptions {
  StructureKind structure = StructureKind::tree;
  std::uint32_t span = 0;
  AssignmentMethod assignment = AssignmentMethod::optimal;
  Fallback fallback = Fallback::generalist;
  std::uint32_t electors = 3;
  std::vector<RoleSection> roles;
  std::vector<ProfileSection> profiles;
  std::uint32_t ability_low = 60;
  std::uint32_t lead_needs = 60;
  std::uint32_t lead_least = 20;
  std::uint32_t resources = 0;
  std::uint32_t window = 2;
  std::uint32_t retries = 3;
  ComputeSpeed speed{1'000'000'000};
  Duration latency = std::chrono::milliseconds(1);
  Duration message_cost = std::chrono::microseconds(20);
  Bandwidth bandwidth{1'000'000'000};
  Duration register_for = std::chrono::milliseconds(50);
  Duration join_within = std::chrono::seconds(1);
  Duration heartbeat = std::chrono::milliseconds(100);
  DetectorKind detector = DetectorKind::timeout;
  Duration timeout = std::chrono::milliseconds(350);
  std::uint32_t phi = 8;
  ElectionKind election = ElectionKind::lease;
  Duration answer_within = std::chrono::milliseconds(100);
  Duration lease = std::chrono::milliseconds(400);
  SupervisionStrategy supervision = SupervisionStrategy::one_for_one;
  std::uint32_t restarts = 3;
  Duration period = std::chrono::seconds(5);
  Duration backoff = std::chrono::milliseconds(50);
  Probability hysteresis = Probability::of(0.2);
  Duration calm = std::chrono::seconds(5);
  Duration overload = std::chrono::milliseconds(50);
  Duration task_timeout{};
  Duration probation = std::chrono::seconds(30);
  static const ParamTable& params();
};

/// The roles as written, or one that everybody can take.
std::vector<RoleSection> roles_of(const MemberOptions& options);
PlanningRules planning_of(const MemberOptions& options);
std::vector<std::uint32_t> needs_of(const MemberOptions& options);
/// The profile that an agent truly has.
Profile own_profile(const MemberOptions& options, const Deployment& deployment);
std::vector<AgentId> electors_of(const MemberOptions& options, AgentRange group);

void check_member(const MemberOptions& options, const Deployment& deployment, const Value& written,
                  Diagnostics& diagnostics);

}  // namespace conclave
