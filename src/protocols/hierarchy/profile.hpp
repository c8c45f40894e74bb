// What agents can do: an ability for each skill, from 0 to 100, of which the first is leading; a capacity for each
// resource; how many roles they may hold at once. A profile is declared by its agent, so it is a claim.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/params.hpp"
#include "core/random.hpp"

namespace conclave {

inline constexpr std::uint32_t kAbilityMost = 100;
/// Index of the skill that managers need.
inline constexpr std::uint32_t kLead = 0;

struct Profile {
  std::vector<std::uint32_t> abilities;
  std::vector<std::uint32_t> capacity;
  std::uint32_t roles_max = 1;
};
using Profiles = std::map<AgentId, Profile>;

/// Some neighbours of a group, as a scenario describes them.
struct ProfileSection {
  std::uint32_t first = 0;
  std::uint32_t count = 1;
  std::vector<std::uint32_t> abilities;
  std::vector<std::uint32_t> capacity;
  std::uint32_t roles = 1;
  static const ParamTable& params();
};

/// What a role of the work asks for: a skill, and a share of the holder's resources.
struct RoleSection {
  std::string skill;
  std::uint32_t needs = 50;
  std::uint32_t least = 20;
  std::uint32_t criticality = 1;
  std::vector<std::uint32_t> demand;
  std::uint32_t most = 0;
  static const ParamTable& params();
};

/// The profile of the agent of that rank: as written for it, otherwise with abilities drawn from [low, 100].
Profile profile_of(std::uint32_t rank, const std::vector<ProfileSection>& written, std::uint32_t low,
                   std::size_t skills, std::size_t resources, const Stream& draws);

}  // namespace conclave
