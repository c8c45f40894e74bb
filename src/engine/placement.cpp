#include "engine/placement.hpp"

#include <fmt/core.h>

#include "core/diagnostics.hpp"
#include "engine/platform.hpp"

namespace conclave {

bool matches(std::string_view pattern, std::string_view name) {
  // Where the last star was and what it stood for: on a mismatch it stands for one character more.
  std::size_t p = 0, n = 0, star = std::string_view::npos, covered = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      covered = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      p++, n++;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++covered;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') p++;
  return p == pattern.size();
}

namespace {

std::vector<std::uint32_t> hosts_of(const GroupSection& group, const std::vector<std::string>& hosts) {
  std::vector<std::uint32_t> chosen;
  for (const std::string& pattern : group.hosts) {
    const std::size_t before = chosen.size();
    for (std::uint32_t host = 0; host < hosts.size(); host++)
      if (matches(pattern, hosts[host])) chosen.push_back(host);
    if (chosen.size() > before) continue;
    const std::string near = nearest(pattern, hosts);
    throw PlatformError(fmt::format("group `{}`: no host of the platform is called `{}`{}", group.name, pattern,
                                    near.empty() ? fmt::format(" (its first host is `{}`)", hosts.front())
                                                 : fmt::format(": did you mean `{}`?", near)));
  }
  return chosen;
}

}  // namespace

std::vector<std::uint32_t> place_agents(const Scenario& scenario, const std::vector<std::string>& hosts) {
  std::vector<std::uint32_t> placed;
  placed.reserve(scenario.roster.size());
  std::uint32_t next = 0;
  for (const GroupSection& group : scenario.groups) {
    const std::vector<std::uint32_t> own = hosts_of(group, hosts);
    for (std::uint32_t i = 0; i < group.count; i++) {
      placed.push_back(own.empty() ? next++ % static_cast<std::uint32_t>(hosts.size()) : own[i % own.size()]);
    }
  }
  return placed;
}

}  // namespace conclave
