// When hosts and links are off. The whole schedule is known before the run, so each agent can look up its own part of
// it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace conclave {

/// Off from `from` up to and excluding `until`.
struct Outage {
  Time from;
  Time until;
};

/// Ascending and disjoint.
using OutageList = std::vector<Outage>;

/// Sorts, and joins what overlaps.
OutageList tidy(OutageList outages);

/// True if the list has an outage at any instant of [from, until].
inline bool off_during(const OutageList& outages, Time from, Time until) {
  return std::any_of(outages.begin(), outages.end(),
                     [&](const Outage& outage) { return outage.from <= until && from < outage.until; });
}

struct OutageSchedule {
  std::map<std::uint32_t, OutageList> hosts;      ///< by host
  std::map<std::string, OutageList> links;        ///< by SimGrid's name of the link
  std::map<std::uint32_t, OutageList> uplinks;    ///< by host: of its access link, outwards
  std::map<std::uint32_t, OutageList> downlinks;  ///< and inwards
  /// By pair of zones of the route table: outages of the links between them.
  std::map<std::pair<std::uint32_t, std::uint32_t>, OutageList> core_links;

  const OutageList& of_host(std::uint32_t host) const {
    static const OutageList kNone;
    const auto found = hosts.find(host);
    return found == hosts.end() ? kNone : found->second;
  }
  bool any() const { return !hosts.empty() || !links.empty(); }
};

}  // namespace conclave
