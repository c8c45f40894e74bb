#include "engine/platform.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <simgrid/s4u.hpp>

namespace conclave {

namespace {

namespace sg = simgrid::s4u;

double bytes_per_second(Bandwidth bandwidth) {
  return static_cast<double>(bandwidth.bits_per_second) / 8;
}

/// A host on a link of its own to the centre of its star.
void add_host(sg::NetZone* star, const std::string& name, ComputeSpeed speed, std::uint32_t cores, Bandwidth bandwidth,
              Duration latency) {
  sg::Host* host = star->create_host(name, static_cast<double>(speed.flops));
  host->set_core_count(static_cast<int>(cores))->seal();
  sg::SplitDuplexLink* link = star->create_split_duplex_link(name + ".link", bytes_per_second(bandwidth));
  link->set_latency(seconds(latency))->seal();
  star->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, {{link, sg::LinkInRoute::Direction::UP}}, true);
}

void build(const StarPlatform& star) {
  sg::NetZone* zone = sg::create_star_zone("star");
  for (std::uint32_t i = 0; i < star.hosts; i++) {
    add_host(zone, fmt::format("host-{}", i), star.speed, star.cores, star.bandwidth, star.latency + star.spread * i);
  }
  zone->seal();
}

void build(const RegionsPlatform& regions) {
  sg::NetZone* world = sg::create_full_zone("world");
  std::vector<sg::NetZone*> zones;
  std::vector<simgrid::kernel::routing::NetPoint*> gateways;
  for (std::size_t r = 0; r < regions.names.size(); r++) {
    sg::NetZone* zone = sg::create_star_zone(regions.names[r]);
    zone->set_parent(world);
    // Two hosts of a region are two access links apart: a quarter of the round trip each.
    const Duration access = regions.round_trips[r][r] / 4;
    for (std::uint32_t i = 0; i < regions.hosts; i++) {
      add_host(zone, fmt::format("{}-{}", regions.names[r], i), regions.speed, regions.cores, regions.bandwidth,
               access);
    }
    gateways.push_back(zone->create_router(regions.names[r] + ".router"));
    zone->seal();
    zones.push_back(zone);
  }
  for (std::size_t a = 0; a < zones.size(); a++) {
    for (std::size_t b = a + 1; b < zones.size(); b++) {
      const Duration access = regions.round_trips[a][a] / 4 + regions.round_trips[b][b] / 4;
      sg::Link* link = world->create_link(fmt::format("{}~{}", regions.names[a], regions.names[b]),
                                          bytes_per_second(regions.core_bandwidth));
      link->set_latency(seconds(regions.round_trips[a][b] / 2 - access));
      link->set_sharing_policy(sg::Link::SharingPolicy::FATPIPE)->seal();
      world->add_route(zones[a]->get_netpoint(), zones[b]->get_netpoint(), gateways[a], gateways[b],
                       {sg::LinkInRoute(link)}, true);
    }
  }
  world->seal();
}

void build(const ClusterPlatform& cluster) {
  sg::NetZone* core = sg::create_star_zone("cluster");
  for (std::uint32_t r = 0; r < cluster.racks; r++) {
    const std::string name = fmt::format("rack-{}", r);
    sg::NetZone* rack = sg::create_star_zone(name);
    rack->set_parent(core);
    for (std::uint32_t i = 0; i < cluster.hosts; i++) {
      add_host(rack, fmt::format("{}-host-{}", name, i), cluster.speed, cluster.cores, cluster.bandwidth,
               cluster.latency);
    }
    simgrid::kernel::routing::NetPoint* gateway = rack->create_router(name + ".switch");
    rack->seal();
    sg::SplitDuplexLink* uplink =
        core->create_split_duplex_link(name + ".uplink", bytes_per_second(cluster.uplink_bandwidth));
    uplink->set_latency(seconds(cluster.uplink_latency))->seal();
    core->add_route(rack->get_netpoint(), nullptr, gateway, nullptr, {{uplink, sg::LinkInRoute::Direction::UP}}, true);
  }
  core->seal();
}

/// True if `a` comes before `b` when runs of digits count as numbers.
bool natural_before(const std::string& a, const std::string& b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!digit(a[i]) || !digit(b[j])) {
      if (a[i] != b[j]) return a[i] < b[j];
      i++, j++;
      continue;
    }
    while (i < a.size() && a[i] == '0') i++;
    while (j < b.size() && b[j] == '0') j++;
    const std::size_t first_i = i, first_j = j;
    while (i < a.size() && digit(a[i])) i++;
    while (j < b.size() && digit(b[j])) j++;
    if (i - first_i != j - first_j) return i - first_i < j - first_j;
    if (const int order = a.compare(first_i, i - first_i, b, first_j, j - first_j); order != 0) return order < 0;
  }
  if ((i < a.size()) != (j < b.size())) return j < b.size();
  return a < b;
}

/// Hosts and links that change by themselves would change nothing for messages, whose costs are read once.
void refuse_profiles(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  for (const char* profile :
       {"state_file", "availability_file", "speed_file", "bandwidth_file", "latency_file", "<trace"}) {
    if (text.find(profile) == std::string::npos) continue;
    throw PlatformError(
        fmt::format("`{}` uses `{}`: profiles of platform files are not supported; declare `outages` in the "
                    "scenario",
                    file.string(), profile));
  }
}

}  // namespace

void build_platform(sg::Engine& engine, const Platform& platform) {
  try {
    std::visit(Overload{[&](const PlatformFile& file) {
                          refuse_profiles(file.path);
                          engine.load_platform(file.path.string());
                        },
                        [](const auto& generated) { build(generated); }},
               platform);
    engine.seal_platform();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw PlatformError(error.what());
  }
}

std::vector<sg::Host*> sorted_hosts(const sg::Engine& engine) {
  std::vector<sg::Host*> hosts = engine.get_all_hosts();
  std::sort(hosts.begin(), hosts.end(),
            [](const sg::Host* a, const sg::Host* b) { return natural_before(a->get_name(), b->get_name()); });
  if (hosts.empty()) throw PlatformError("the platform has no hosts");
  return hosts;
}

}  // namespace conclave
