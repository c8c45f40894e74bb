// Reading the route table off a SimGrid platform.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/platform.hpp"
#include "engine/routes.hpp"

namespace conclave {

/// What a link of the platform carries.
struct LinkUse {
  std::vector<std::uint32_t> up;                                    ///< hosts whose access link it is, outwards
  std::vector<std::uint32_t> down;                                  ///< and inwards
  std::vector<std::pair<std::uint32_t, std::uint32_t>> zone_pairs;  ///< it lies between these zones of the route table
};

/// The table for the hosts that are used (by index). Fills in what the links named in `uses` carry. Throws
/// PlatformError when two used hosts have no route, or a link no bandwidth.
RouteTable read_routes(const std::vector<simgrid::s4u::Host*>& hosts, const std::vector<char>& used,
                       std::map<std::string, LinkUse>& uses);

}  // namespace conclave
