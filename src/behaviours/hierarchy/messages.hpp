// The messages of hierarchies as misbehaviours know them: by name.
#pragma once

#include <string_view>

#include "core/record.hpp"

namespace conclave::hierarchy {

inline constexpr std::string_view kProfile = "hierarchy_profile";
inline constexpr std::string_view kCharter = "hierarchy_charter";
inline constexpr std::string_view kOrder = "hierarchy_delegate";
inline constexpr std::string_view kResult = "hierarchy_result";
inline constexpr std::string_view kBeat = "hierarchy_beat";
inline constexpr std::string_view kJoined = "hierarchy_joined";

inline bool is(const Record& message, std::string_view kind) {
  return message.type->name == kind;
}

}  // namespace conclave::hierarchy
