#include "protocols/hierarchy/profile.hpp"

namespace conclave {

const ParamTable& ProfileSection::params() {
  static const auto table =
      Params<ProfileSection>()
          .require("first", &ProfileSection::first, "rank in the group of the first agent that is like this")
          .add("count", &ProfileSection::count, "how many are, from there on", {.least = 1})
          .require("abilities", &ProfileSection::abilities,
                   "from 0 to 100: to lead, then at each skill of `roles` in their order")
          .add("capacity", &ProfileSection::capacity, "of each resource; 100 if not given")
          .add("roles", &ProfileSection::roles, "roles that it may hold at once", {.least = 1, .most = 31});
  return table;
}

const ParamTable& RoleSection::params() {
  static const auto table =
      Params<RoleSection>()
          .require("skill", &RoleSection::skill, "name of the skill: tasks of kind 0 take the first one")
          .add("needs", &RoleSection::needs, "ability that the role takes; who has less takes longer",
               {.least = 1, .most = kAbilityMost})
          .add("least", &RoleSection::least, "ability without which the role is not given", {.most = kAbilityMost})
          .add("criticality", &RoleSection::criticality, "weight of a good choice", {.least = 1, .most = 1000})
          .add("demand", &RoleSection::demand, "of each resource of its holder")
          .add("most", &RoleSection::most, "holders at most; 0: as many as there are agents for");
  return table;
}

Profile profile_of(std::uint32_t rank, const std::vector<ProfileSection>& written, std::uint32_t low,
                   std::size_t skills, std::size_t resources, const Stream& draws) {
  Profile profile;
  for (const ProfileSection& each : written) {
    if (rank < each.first || rank - each.first >= each.count) continue;
    profile = {each.abilities, each.capacity, each.roles};
  }
  if (profile.abilities.empty())
    for (std::size_t skill = 0; skill < skills; skill++)
      profile.abilities.push_back(low + static_cast<std::uint32_t>(draws.at(skill) % (kAbilityMost - low + 1)));
  profile.abilities.resize(skills);
  profile.capacity.resize(resources, 100);
  return profile;
}

}  // namespace conclave
