// The way of one message's copies from the sender's step to the receivers' access links.
#pragma once

#include <algorithm>
#include <map>

#include "engine/simulation.hpp"

namespace conclave {

/// True if a link between two agents of different hosts is off at any time from `leaves` to `arrives`.
inline bool off_on_the_way(const Simulation& simulation, const Agent& from, const Agent& to, Time leaves,
                           Time arrives) {
  const OutageSchedule& outages = simulation.outages;
  const auto access_off = [&](std::uint32_t host) {
    const auto found = outages.access_links.find(host);
    return found != outages.access_links.end() && off_during(found->second, leaves, arrives);
  };
  if (access_off(from.host) || access_off(to.host)) return true;
  const RouteTable& routes = simulation.routes;
  const auto core = outages.core_links.find({routes.zone[from.host], routes.zone[to.host]});
  return core != outages.core_links.end() && off_during(core->second, leaves, arrives);
}

/// Gives the copies of one message in the order of their receivers: each waits for the sender's access link, then
/// crosses its route.
class Wire {
 public:
  struct Copy {
    Time tail;  ///< when its last bit would reach an idle receiver
    bool lost;  ///< a link of the route was off on the way
  };

  Wire(const Simulation& simulation, const Agent& from, Time done, std::uint64_t bytes)
      : simulation_(simulation),
        from_(from),
        access_(simulation.routes.access[from.host]),
        done_(done),
        bytes_(bytes),
        serialisation_(access_.up.of(bytes)),
        leaves_(std::max(done, from.uplink_free)),
        links_fail_(simulation.outages.any_link()) {}

  Copy next(const Agent& to) {
    const RouteTable& routes = simulation_.routes;
    if (to.host == from_.host) return {done_ + routes.loopback, false};  // needs no link
    const RouteTable::Core& core = routes.between(from_.host, to.host);
    const SerialisationRate slowest = slower(slower(access_.up, core.rate), routes.access[to.host].down);
    const Time tail = leaves_ + routes.latency(from_.host, to.host) + slowest.of(bytes_);
    const Copy copy{tail, links_fail_ && off_on_the_way(simulation_, from_, to, leaves_, tail)};
    leaves_ += serialisation_;
    return copy;
  }

  /// When the sender's access link has sent all copies so far.
  Time free_at() const { return leaves_; }

 private:
  const Simulation& simulation_;
  const Agent& from_;
  const Access& access_;
  const Time done_;
  const std::uint64_t bytes_;
  const Duration serialisation_;
  Time leaves_;
  const bool links_fail_;
};

}  // namespace conclave
