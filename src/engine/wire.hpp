// The way of one message's copies from the sender's step to the receivers' access links.
#pragma once

#include <algorithm>
#include <map>
#include <optional>

#include "engine/departure.hpp"
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

/// How long the sender's access link takes for one copy of a message that begins to leave at this time.
inline Duration serialisation(const Simulation& simulation, const Agent& from, std::uint64_t bytes, Time leaves) {
  const SerialisationRate& own = simulation.routes.access[from.host].up;
  const SerialisationRate* cut = simulation.link_faults.cut(from.id, leaves);
  return cut ? slower(own, *cut).of(bytes) : own.of(bytes);
}

/// Gives the copies of one message in the order of their receivers: each waits for the sender's access link, then
/// crosses its route, and link rules decide what becomes of it.
class Wire {
 public:
  struct Copy {
    Time tail;  ///< when its last bit would reach an idle receiver
    std::optional<DropReason> lost;
    Fate fate;  ///< its delay is part of `tail`
  };

  Wire(const Simulation& simulation, const Agent& from, const Departure& departure)
      : simulation_(simulation),
        from_(from),
        departure_(departure),
        leaves_(std::max(departure.done, from.uplink_free)),
        serialisation_(serialisation(simulation, from, departure.bytes, leaves_)),
        outages_(simulation.outages.any()),
        faults_(simulation.link_faults.any()) {}

  Copy next(AgentId to) {
    const Destination& destination = simulation_.destinations[index(to)];
    Copy copy = destination.host == from_.host ? Copy{departure_.done + simulation_.routes.loopback, std::nullopt, {}}
                                               : cross(to, destination);  // agents of one host need no link
    if (faults_) {
      copy.fate = simulation_.link_faults.judge(
          *departure_.body->type, {from_.id, to, Envelope::identify(from_.id, departure_.number), departure_.done});
      copy.tail = std::min(copy.tail + copy.fate.delay, kFarFuture);
      if (!copy.lost) copy.lost = copy.fate.lost;
    }
    return copy;
  }

  /// When the sender's access link has sent all copies so far.
  Time free_at() const { return leaves_; }

 private:
  Copy cross(AgentId to, const Destination& destination) {
    const RouteTable& routes = simulation_.routes;
    const RouteTable::Core& core = routes.core[routes.zone[from_.host] * routes.zones + destination.zone];
    const Duration slowest = std::max(serialisation_, slower(core.rate, destination.down).of(departure_.bytes));
    const Duration latency = routes.access[from_.host].up_latency + core.latency + destination.down_latency;
    const Time tail = leaves_ + latency + slowest;
    Copy copy{tail, std::nullopt, {}};
    if (outages_) {
      const Passage passage{departure_.done, leaves_, leaves_ + serialisation_, tail};
      copy.lost = loss(simulation_, from_, simulation_.agents[index(to)], passage);
    }
    leaves_ = std::min(leaves_ + serialisation_, kFarFuture);
    return copy;
  }

  const Simulation& simulation_;
  const Agent& from_;
  const Departure& departure_;
  Time leaves_;
  const Duration serialisation_;
  const bool outages_;
  const bool faults_;
};

/// Calls visit(copy, tail) for each copy that link rules have added to a first one; `copy` counts from 1.
template <class Visit>
void each_further_copy(const Wire::Copy& first, Visit&& visit) {
  if (first.lost) return;
  for (std::uint32_t copy = 1; copy <= first.fate.copies; copy++)
    visit(copy, std::min(first.tail + first.fate.gap * copy, kFarFuture));
}

}  // namespace conclave
