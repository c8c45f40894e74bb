// How many Byzantine replicas a group is told to bear, and whether it can: n >= 3f + 1.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <optional>

#include "core/catalog.hpp"
#include "core/quorum.hpp"

namespace conclave {

inline constexpr std::string_view kResilienceMeaning =
    "Byzantine replicas to bear; as many as the group can, (n - 1) / 3, if not given";

/// Reports an f that the group cannot bear, at the text `f` of the component's options.
inline void check_resilience(const std::optional<std::uint32_t>& f, const Deployment& deployment, const Value& written,
                             Diagnostics& diagnostics) {
  const std::uint32_t n = deployment.group.agents.count;
  if (!f || *f <= most_faulty(n)) return;
  const Value* key = written.find("f");
  diagnostics.error(
      key ? key->at : written.at, fmt::format("{} replicas cannot bear f = {} Byzantine ones", n, *f),
      fmt::format("n >= 3f + 1: use count {} or more, or f {} or less", least_replicas(*f), most_faulty(n)));
}

}  // namespace conclave
