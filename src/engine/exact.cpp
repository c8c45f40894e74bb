#include "engine/exact.hpp"

#include <algorithm>

#include "engine/wire.hpp"

namespace conclave {

namespace {

/// Queue entries between two looks at the outside world (an interrupt, a progress line): well under a millisecond's
/// worth.
constexpr std::uint64_t kPollEvery = 4096;

}  // namespace

ExactExecutor::ExactExecutor(Simulation& simulation, Poll poll)
    : Mechanics(simulation, simulation.stream, simulation.metrics), poll_(std::move(poll)) {}

void ExactExecutor::run_until(Time horizon) {
  if (!begun_) begin();
  horizon = std::min(horizon, simulation_.stop_at);
  while (requests_.empty() && !interrupted_ && !queue_.empty() && queue_.top().time <= horizon) {
    const QueueEntry entry = queue_.top();
    now_ = entry.time;
    if (entry.what == Occurrence::arrival) {
      on_arrival(entry);
    } else {
      queue_.pop();
      entry.what == Occurrence::activity ? on_activity(entry) : handle(entry);
    }
    if (++handled_ % kPollEvery == 0) {
      interrupted_ = poll_ && poll_(now_);
      if (stream_.crowded()) stream_.settle(now_);
    }
  }
}

void ExactExecutor::begin() {
  begun_ = true;
  for (Agent& each : simulation_.agents) prepare(each);
  const auto flip = [this](Time at, WorldRequest&& request) {
    begin_errand(at, {.kind = Errand::Kind::switch_on_off, .agent = kNobody, .request = std::move(request)});
  };
  for (const auto& [host, outages] : simulation_.outages.hosts) {
    for (const Outage& outage : outages) {
      flip(outage.from, SwitchHost{host, false});
      if (outage.until != kNever) flip(outage.until, SwitchHost{host, true});
    }
  }
  for (const auto& [link, outages] : simulation_.outages.links) {
    for (const Outage& outage : outages) {
      flip(outage.from, SwitchLink{link, false});
      if (outage.until != kNever) flip(outage.until, SwitchLink{link, true});
    }
  }
}

void ExactExecutor::on_arrival(const QueueEntry& entry) {
  Flight& flight = flights_[entry.slot];
  const Flight::Arrival arrival = flight.arrivals[flight.next++];
  const bool last = flight.next == flight.arrivals.size();
  if (last) {
    queue_.pop();
  } else {
    QueueEntry next = entry;
    next.time = flight.arrivals[flight.next].tail;
    next.agent = flight.arrivals[flight.next].to;
    queue_.replace_top(next);
  }
  Agent& to = agent(arrival.to);
  receive(to, {.from = flight.from,
               .number = flight.number,
               .bytes = flight.bytes,
               .departed = flight.departed,
               .body = flight.body,
               .local = to.host == agent(flight.from).host,
               .lost = arrival.lost});
  if (last) {
    flight.body.reset();
    flights_.give_back(entry.slot);
  }
}

void ExactExecutor::launch(Agent& from, const Departure& departure) {
  const NetworkSection& network = simulation_.scenario.network;
  const bool flow =
      network.model == NetworkModel::flow || (network.flow_above && departure.bytes > network.flow_above->bytes);
  flow ? launch_flows(from, departure) : launch_messages(from, departure);
}

void ExactExecutor::launch_messages(Agent& from, const Departure& departure) {
  const std::uint32_t slot = flights_.take();
  Flight& flight = flights_[slot];
  flight.from = from.id;
  flight.number = departure.number;
  flight.bytes = departure.bytes;
  flight.departed = departure.done;
  flight.body = departure.body;
  flight.arrivals.clear();
  flight.next = 0;
  Wire wire(simulation_, from, departure.done, departure.bytes);
  departure.to.each(from.id, [&](AgentId id, std::uint32_t) {
    const Wire::Copy copy = wire.next(agent(id));
    flight.arrivals.push_back({copy.tail, id, copy.lost});
  });
  from.uplink_free = wire.free_at();
  const auto earlier = [](const Flight::Arrival& a, const Flight::Arrival& b) {
    return a.tail != b.tail ? a.tail < b.tail : a.to < b.to;
  };
  if (!std::is_sorted(flight.arrivals.begin(), flight.arrivals.end(), earlier)) {
    std::sort(flight.arrivals.begin(), flight.arrivals.end(), earlier);
  }
  queue_.push({.time = flight.arrivals.front().tail,
               .agent = flight.arrivals.front().to,
               .what = Occurrence::arrival,
               .source = index(from.id),
               .slot = slot,
               .number = departure.number});
}

void ExactExecutor::launch_flows(Agent& from, const Departure& departure) {
  departure.to.each(from.id, [&](AgentId id, std::uint32_t) {
    begin_errand(departure.done, {.kind = Errand::Kind::message,
                                  .agent = from.id,
                                  .to = id,
                                  .number = departure.number,
                                  .departed = departure.done,
                                  .body = departure.body,
                                  .request = StartFlow{0, from.host, agent(id).host, departure.bytes}});
  });
}

// Errands to SimGrid.

void ExactExecutor::begin_errand(Time at, Errand&& errand) {
  const AgentId asked = errand.agent;
  const std::uint64_t number = errand.number;
  const std::uint32_t slot = errands_.take();
  std::visit(Overload{[&](StartCompute& request) { request.ticket = slot; },
                      [&](StartFlow& request) { request.ticket = slot; }, [](auto&) {}},
             errand.request);
  const auto* flow = std::get_if<StartFlow>(&errand.request);
  const bool local = flow && flow->from == flow->to;
  errands_[slot] = std::move(errand);
  if (local) return finished(slot, at + simulation_.routes.loopback, true);  // never leaves the host
  queue_.push({.time = at, .agent = asked, .what = Occurrence::activity, .slot = slot, .number = number});
}

void ExactExecutor::on_activity(const QueueEntry& entry) {
  requests_.push_back(errands_[entry.slot].request);
  if (errands_[entry.slot].kind == Errand::Kind::switch_on_off) errands_.give_back(entry.slot);
}

void ExactExecutor::finished(Ticket ticket, Time at, bool completed) {
  Errand errand = std::move(errands_[ticket]);
  errands_.give_back(ticket);
  const Time when = std::max(at, now_);
  if (errand.kind != Errand::Kind::compute) {
    const std::uint32_t slot = incoming_.take();
    const bool hosts_on = agent(errand.agent).running && agent(errand.to).running;
    incoming_[slot] = {{.kind = WaitingInput::Kind::message,
                        .from = errand.agent,
                        .number = errand.number,
                        .at = errand.departed,
                        .body = errand.body},
                       agent(errand.to).outage,
                       completed  ? std::nullopt
                       : hosts_on ? std::optional(DropReason::link_off)
                                  : std::optional(DropReason::host_off)};
    queue_.push({.time = when,
                 .agent = errand.to,
                 .what = Occurrence::flow,
                 .source = index(errand.agent),
                 .slot = slot,
                 .number = errand.number});
  }
  if (errand.kind == Errand::Kind::message) return;
  const std::uint32_t slot = incoming_.take();
  incoming_[slot] = {{.kind = WaitingInput::Kind::worked, .completed = completed, .work = errand.work},
                     agent(errand.agent).outage,
                     std::nullopt};
  queue_.push({.time = when,
               .agent = errand.agent,
               .what = Occurrence::worked,
               .source = errand.work.name,
               .slot = slot,
               .number = errand.work.id});
}

}  // namespace conclave
