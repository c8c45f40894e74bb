// What messages are for in consensus protocols, whichever protocol it is: so that an attack on votes is one attack, not
// one for each protocol. The name of a kind tells it.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "core/params.hpp"
#include "core/record.hpp"

namespace conclave {

enum class MessageRole {
  proposal,     ///< a leader's value for a slot, a block
  vote,         ///< in favour of a proposal, in any phase
  view_change,  ///< a wish to leave a view, a round, a leader
  new_view,     ///< a leader's word that a view has begun
};

template <>
struct Choices<MessageRole> {
  static constexpr std::pair<MessageRole, std::string_view> kNames[] = {{MessageRole::proposal, "proposal"},
                                                                        {MessageRole::vote, "vote"},
                                                                        {MessageRole::view_change, "view_change"},
                                                                        {MessageRole::new_view, "new_view"}};
};

/// How the names of kinds end that have a role: `vote` stands for `vote` and `tendermint_vote`. The first that fits
/// counts.
inline constexpr std::pair<std::string_view, MessageRole> kRoleEndings[] = {
    {"pre_prepare", MessageRole::proposal},
    {"proposal", MessageRole::proposal},
    {"prepare", MessageRole::vote},
    {"commit", MessageRole::vote},
    {"vote", MessageRole::vote},
    {"view_change", MessageRole::view_change},
    {"timeout", MessageRole::view_change},
    {"new_view", MessageRole::new_view},
};

inline std::optional<MessageRole> role_of(const Record& message) {
  const std::string_view name = message.type->name;
  for (const auto& [ending, role] : kRoleEndings) {
    if (!name.ends_with(ending)) continue;
    if (name.size() == ending.size() || name[name.size() - ending.size() - 1] == '_') return role;
  }
  return std::nullopt;
}

}  // namespace conclave
