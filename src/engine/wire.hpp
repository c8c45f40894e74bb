// The way of one message's copies from the sender's step to the receivers' access links.
#pragma once

#include <algorithm>
#include <map>
#include <optional>

#include "engine/simulation.hpp"

namespace conclave {

/// One copy's way, from the end of the step that sent it to its last bit at the receiver.
struct Passage {
  Time done;     ///< the step
  Time leaves;   ///< the first bit
  Time sent;     ///< the last bit, from the sender's link
  Time arrives;  ///< the last bit, at an idle receiver
};

inline bool off_during(const std::map<std::uint32_t, OutageList>& lists, std::uint32_t host, Time from, Time until) {
  const auto found = lists.find(host);
  return found != lists.end() && off_during(found->second, from, until);
}

/// Why a copy between agents of different hosts is lost on its way, if it is: the sender's host dies before it has sent
/// it all, or a link of the route is off at any time while it passes.
inline std::optional<DropReason> loss(const Simulation& simulation, const Agent& from, const Agent& to,
                                      const Passage& passage) {
  const OutageSchedule& outages = simulation.outages;
  if (off_during(outages.hosts, from.host, passage.done, passage.sent)) return DropReason::host_off;
  const RouteTable& routes = simulation.routes;
  const auto core = outages.core_links.find({routes.zone[from.host], routes.zone[to.host]});
  const bool off = off_during(outages.uplinks, from.host, passage.leaves, passage.arrives) ||
                   off_during(outages.downlinks, to.host, passage.leaves, passage.arrives) ||
                   (core != outages.core_links.end() && off_during(core->second, passage.leaves, passage.arrives));
  return off ? std::optional(DropReason::link_off) : std::nullopt;
}

/// Gives the copies of one message in the order of their receivers: each waits for the sender's access link, then
/// crosses its route.
class Wire {
 public:
  struct Copy {
    Time tail;  ///< when its last bit would reach an idle receiver
    std::optional<DropReason> lost;
  };

  Wire(const Simulation& simulation, const Agent& from, Time done, std::uint64_t bytes)
      : simulation_(simulation),
        from_(from),
        access_(simulation.routes.access[from.host]),
        done_(done),
        bytes_(bytes),
        serialisation_(access_.up.of(bytes)),
        leaves_(std::max(done, from.uplink_free)),
        outages_(simulation.outages.any()) {}

  Copy next(const Agent& to) {
    const RouteTable& routes = simulation_.routes;
    if (to.host == from_.host) return {done_ + routes.loopback, std::nullopt};  // needs no link
    const RouteTable::Core& core = routes.between(from_.host, to.host);
    const SerialisationRate slowest = slower(slower(access_.up, core.rate), routes.access[to.host].down);
    const Time tail = leaves_ + routes.latency(from_.host, to.host) + slowest.of(bytes_);
    Copy copy{tail, std::nullopt};
    if (outages_) copy.lost = loss(simulation_, from_, to, {done_, leaves_, leaves_ + serialisation_, tail});
    leaves_ = std::min(leaves_ + serialisation_, kFarFuture);
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
  const bool outages_;
};

}  // namespace conclave
