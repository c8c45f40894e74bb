// Reads the route table off SimGrid: see routes.hpp for its shape.

#include "engine/route_table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <simgrid/s4u.hpp>

#include "core/random.hpp"

namespace conclave {

namespace {

namespace sg = simgrid::s4u;

Duration to_duration(double seconds) {
  if (!(seconds >= 0 && seconds * 1e9 <= static_cast<double>(kLongestDuration.count()))) {
    throw PlatformError(fmt::format("a latency of {} s is out of range", seconds));
  }
  return Duration(std::llround(seconds * 1e9));
}

SerialisationRate rate_of(const sg::Link& link) {
  const double bits_per_second = link.get_bandwidth() * 8;
  if (!(bits_per_second >= kBandwidthMin)) {
    throw PlatformError(fmt::format("link `{}` has a bandwidth of {} bit/s: at least {} are needed", link.get_name(),
                                    bits_per_second, kBandwidthMin));
  }
  return SerialisationRate(bits_per_second);
}

SerialisationRate slowest(const std::vector<sg::Link*>& links) {
  SerialisationRate rate = SerialisationRate::instant();
  for (const sg::Link* link : links) rate = slower(rate, rate_of(*link));
  return rate;
}

/// A route as SimGrid gives it.
struct Route {
  std::vector<sg::Link*> links;
  Duration latency{};
};

Route route(const sg::Host* from, const sg::Host* to) {
  Route found;
  double latency = 0;
  from->route_to(to, found.links, &latency);
  if (found.links.empty()) {
    throw PlatformError(
        fmt::format("the platform has no route from host `{}` to host `{}`", from->get_name(), to->get_name()));
  }
  found.latency = to_duration(latency);
  return found;
}

class Builder {
 public:
  Builder(const std::vector<sg::Host*>& hosts, const std::vector<char>& used) : hosts_(hosts) {
    for (std::uint32_t host = 0; host < hosts.size(); host++)
      if (used[host]) used_.push_back(host);
    table_.access.resize(hosts.size());
    table_.zone.resize(hosts.size());
    up_.resize(hosts.size());
    down_.resize(hosts.size());
  }

  RouteTable build(std::map<std::string, LinkUse>& uses) {
    if (used_.size() == 1) {
      table_.zones = 1;
      table_.core.resize(1);
      table_.smallest_latency = Duration::max();  // no two hosts: the loopback is all there is
      return std::move(table_);
    }
    group_by_zone();
    read_access_links();
    split_irregular_zones();
    do {
      read_core();
    } while (split_where_wrong());
    note_link_uses(uses);
    find_smallest_latency();
    return std::move(table_);
  }

 private:
  struct Zone {
    std::vector<std::uint32_t> hosts;
    bool has_access_links = true;  ///< its hosts have links of their own that all their routes share
  };

  void group_by_zone() {
    std::map<std::string, std::uint32_t> names;
    for (const std::uint32_t host : used_) {
      const std::string& name = hosts_[host]->get_englobing_zone()->get_name();
      const auto [zone, fresh] = names.try_emplace(name, static_cast<std::uint32_t>(zones_.size()));
      if (fresh) zones_.emplace_back();
      zones_[zone->second].hosts.push_back(host);
      table_.zone[host] = zone->second;
    }
  }

  /// A host that is not `host`: of another zone if there is one, for routes within a zone can be special.
  std::uint32_t far_from(std::uint32_t host) const {
    if (zones_.size() > 1) return zones_[table_.zone[host] == 0 ? 1 : 0].hosts.front();
    return used_[used_[0] == host ? 1 : 0];
  }

  void read_access_links() {
    for (const std::uint32_t host : used_) {
      const Route out = route(hosts_[host], hosts_[far_from(host)]);
      const Route in = route(hosts_[far_from(host)], hosts_[host]);
      up_[host] = out.links.front();
      down_[host] = in.links.back();
      table_.access[host] = {to_duration(up_[host]->get_latency()), to_duration(down_[host]->get_latency()),
                             rate_of(*up_[host]), rate_of(*down_[host])};
    }
  }

  /// What is left of a route between two hosts when their access links are taken off; false if it does not begin and
  /// end there.
  bool core_of(std::uint32_t from, std::uint32_t to, RouteTable::Core& core) const {
    const Route whole = route(hosts_[from], hosts_[to]);
    if (whole.links.size() < 2 || whole.links.front() != up_[from] || whole.links.back() != down_[to]) return false;
    core.latency = whole.latency - table_.access[from].up_latency - table_.access[to].down_latency;
    core.rate = slowest({whole.links.begin() + 1, whole.links.end() - 1});
    return core.latency >= Duration::zero();
  }

  bool same_core(std::uint32_t from, std::uint32_t to, const RouteTable::Core& expected) const {
    RouteTable::Core core;
    if (!core_of(from, to, core)) return false;
    const Duration difference = core.latency - expected.latency;
    return difference >= -kRounding && difference <= kRounding && core.rate == expected.rate;
  }

  /// Every host is held against a representative of its own zone and of another: if the split does not give the same
  /// core, the hosts of that zone become zones of their own, whose cores are whole routes.
  void split_irregular_zones() {
    std::vector<Zone> regular;
    for (const Zone& zone : zones_) {
      if (is_regular(zone)) {
        regular.push_back(zone);
      } else {
        for (const std::uint32_t host : zone.hosts) regular.push_back({{host}, false});
      }
    }
    renumber(std::move(regular));
  }

  void renumber(std::vector<Zone> regular) {
    if (regular.size() > kZonesMax) {
      throw PlatformError(
          fmt::format("the platform is too irregular: its routes fall into {} zones, at most {} are supported",
                      regular.size(), kZonesMax));
    }
    zones_ = std::move(regular);
    for (std::uint32_t zone = 0; zone < zones_.size(); zone++) {
      for (const std::uint32_t host : zones_[zone].hosts) {
        table_.zone[host] = zone;
        // Its routes begin with different links: what it can send at most is what the fastest of them takes (see
        // read_core).
        if (!zones_[zone].has_access_links) {
          table_.access[host] = {{}, {}, SerialisationRate(kBandwidthMin), SerialisationRate(kBandwidthMin)};
        }
      }
    }
  }

  /// Holds the table against SimGrid's routes, all of them if they are few and otherwise some of every host. Zones with
  /// a route that the table gets wrong are split; true if there were any.
  bool split_where_wrong() {
    constexpr std::size_t kAllPairs = 128;
    constexpr std::uint64_t kSampled = 8;
    std::vector<char> wrong(zones_.size(), false);
    const auto hold = [&](std::uint32_t from, std::uint32_t to) {
      if (from != to && !is_right(from, to)) wrong[table_.zone[from]] = wrong[table_.zone[to]] = true;
    };
    for (const std::uint32_t from : used_) {
      if (used_.size() <= kAllPairs) {
        for (const std::uint32_t to : used_) hold(from, to);
      } else {
        for (std::uint64_t i = 0; i < kSampled; i++) hold(from, used_[mix(from * kSampled + i) % used_.size()]);
      }
    }
    std::vector<Zone> zones;
    bool split = false;
    for (std::size_t zone = 0; zone < zones_.size(); zone++) {
      if (!wrong[zone] || !zones_[zone].has_access_links) {
        zones.push_back(zones_[zone]);
        continue;
      }
      split = true;
      for (const std::uint32_t host : zones_[zone].hosts) zones.push_back({{host}, false});
    }
    if (split) renumber(std::move(zones));
    return split;
  }

  bool is_right(std::uint32_t from, std::uint32_t to) const {
    const Route whole = route(hosts_[from], hosts_[to]);
    const Duration difference = whole.latency - table_.latency(from, to);
    const SerialisationRate rate =
        slower(slower(table_.access[from].up, table_.between(from, to).rate), table_.access[to].down);
    return difference >= -kRounding && difference <= kRounding && rate == slowest(whole.links);
  }

  bool is_regular(const Zone& zone) const {
    if (zone.hosts.size() == 1) {
      RouteTable::Core core;
      return core_of(zone.hosts[0], far_from(zone.hosts[0]), core);
    }
    const std::uint32_t first = zone.hosts[0];
    const std::uint32_t second = zone.hosts[1];
    RouteTable::Core inside, outside;
    if (!core_of(first, second, inside)) return false;
    const std::uint32_t other = zones_.size() > 1 ? far_from(first) : second;
    if (!core_of(first, other, outside)) return false;
    return std::all_of(zone.hosts.begin(), zone.hosts.end(), [&](std::uint32_t host) {
      const std::uint32_t mate = host == first ? second : first;
      return same_core(host, mate, inside) && same_core(mate, host, inside) &&
             (host == other || same_core(host, other, outside));
    });
  }

  void read_core() {
    table_.zones = static_cast<std::uint32_t>(zones_.size());
    table_.core.assign(zones_.size() * zones_.size(), {});
    core_links_.clear();
    for (std::uint32_t a = 0; a < zones_.size(); a++) {
      for (std::uint32_t b = 0; b < zones_.size(); b++) {
        if (a == b && zones_[a].hosts.size() == 1) continue;  // nobody to send to
        const std::uint32_t from = zones_[a].hosts.front();
        const std::uint32_t to = a == b ? zones_[a].hosts[1] : zones_[b].hosts.front();
        table_.core[a * zones_.size() + b] = read_core(from, to);
      }
    }
  }

  RouteTable::Core read_core(std::uint32_t from, std::uint32_t to) {
    const Route whole = route(hosts_[from], hosts_[to]);
    // The core of a zone without access links begins at the host itself.
    const auto first = whole.links.begin() + zones_[table_.zone[from]].has_access_links;
    const auto last = whole.links.end() - zones_[table_.zone[to]].has_access_links;
    core_links_.push_back({table_.zone[from], table_.zone[to], std::vector<sg::Link*>(first, last)});
    Access& out = table_.access[from];
    Access& in = table_.access[to];
    if (!zones_[table_.zone[from]].has_access_links) out.up = faster(out.up, rate_of(*whole.links.front()));
    if (!zones_[table_.zone[to]].has_access_links) in.down = faster(in.down, rate_of(*whole.links.back()));
    const Duration access = out.up_latency + in.down_latency;
    return {whole.latency - access, slowest(core_links_.back().links)};
  }

  void note_link_uses(std::map<std::string, LinkUse>& uses) const {
    for (auto& [link_name, use] : uses) {
      const std::string& name = link_name;  // clang 14 captures no structured binding
      for (const std::uint32_t host : used_) {
        if (!zones_[table_.zone[host]].has_access_links) continue;
        if (same_link(up_[host], name)) use.up.push_back(host);
        if (same_link(down_[host], name)) use.down.push_back(host);
      }
      for (const CoreLinks& core : core_links_) {
        if (std::any_of(core.links.begin(), core.links.end(),
                        [&](const sg::Link* link) { return same_link(link, name); })) {
          use.zone_pairs.emplace_back(core.from, core.to);
        }
      }
    }
  }

  /// A split-duplex link `x` has the halves `x_UP` and `x_DOWN`.
  static bool same_link(const sg::Link* link, const std::string& name) {
    const std::string& full = link->get_name();
    return full == name || full == name + "_UP" || full == name + "_DOWN";
  }

  void find_smallest_latency() {
    Duration smallest = Duration::max();
    std::vector<Duration> up(zones_.size(), Duration::max()), down(zones_.size(), Duration::max());
    for (const std::uint32_t host : used_) {
      const std::uint32_t zone = table_.zone[host];
      up[zone] = std::min(up[zone], table_.access[host].up_latency);
      down[zone] = std::min(down[zone], table_.access[host].down_latency);
    }
    for (std::uint32_t a = 0; a < zones_.size(); a++) {
      for (std::uint32_t b = 0; b < zones_.size(); b++) {
        if (a == b && zones_[a].hosts.size() == 1) continue;
        smallest = std::min(smallest, up[a] + table_.core[a * zones_.size() + b].latency + down[b]);
      }
    }
    table_.smallest_latency = smallest;
  }

  struct CoreLinks {
    std::uint32_t from;
    std::uint32_t to;
    std::vector<sg::Link*> links;
  };

  /// Sums of latencies differ in their last bits; each is rounded to a nanosecond.
  static constexpr Duration kRounding{2};

  const std::vector<sg::Host*>& hosts_;
  std::vector<std::uint32_t> used_;
  std::vector<Zone> zones_;
  std::vector<sg::Link*> up_;
  std::vector<sg::Link*> down_;
  std::vector<CoreLinks> core_links_;
  RouteTable table_;
};

}  // namespace

SerialisationRate::SerialisationRate(double bits_per_second)
    : ns_per_byte_(static_cast<std::uint64_t>(std::llround(8e9 / bits_per_second * 4294967296.0))) {}

RouteTable read_routes(const std::vector<sg::Host*>& hosts, const std::vector<char>& used,
                       std::map<std::string, LinkUse>& uses) {
  return Builder(hosts, used).build(uses);
}

}  // namespace conclave
