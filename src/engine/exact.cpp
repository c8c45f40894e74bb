#include "engine/exact.hpp"

#include <algorithm>
#include <tuple>

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
    next.copy = static_cast<std::uint8_t>(flight.arrivals[flight.next].copy);
    queue_.replace_top(next);
  }
  Agent& to = agent(arrival.to);
  receive(to, {.from = flight.from,
               .number = flight.number,
               .bytes = flight.bytes,
               .departed = flight.departed,
               .body = flight.body,
               .local = to.host == agent(flight.from).host,
               .lost = arrival.lost,
               .copy = arrival.copy});
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
  Wire wire(simulation_, from, departure);
  departure.to.each(from.id, [&](AgentId id, std::uint32_t) {
    const Wire::Copy first = wire.next(id);
    flight.arrivals.push_back({first.tail, id, 0, first.lost});
    each_further_copy(first, [&](std::uint32_t copy, Time tail) {
      metrics_.messages_duplicated++;
      flight.arrivals.push_back({tail, id, copy, std::nullopt});
    });
  });
  from.uplink_free = wire.free_at();
  const auto earlier = [](const Flight::Arrival& a, const Flight::Arrival& b) {
    return std::tuple(a.tail, a.to, a.copy) < std::tuple(b.tail, b.to, b.copy);
  };
  if (!std::is_sorted(flight.arrivals.begin(), flight.arrivals.end(), earlier)) {
    std::sort(flight.arrivals.begin(), flight.arrivals.end(), earlier);
  }
  queue_.push({.time = flight.arrivals.front().tail,
               .agent = flight.arrivals.front().to,
               .what = Occurrence::arrival,
               .copy = static_cast<std::uint8_t>(flight.arrivals.front().copy),
               .source = index(from.id),
               .slot = slot,
               .number = departure.number});
}

void ExactExecutor::launch_flows(Agent& from, const Departure& departure) {
  const LinkFaults& faults = simulation_.link_faults;
  departure.to.each(from.id, [&](AgentId id, std::uint32_t) {
    const Envelope envelope{from.id, id, Envelope::identify(from.id, departure.number), departure.done};
    begin_errand(departure.done, {.kind = Errand::Kind::message,
                                  .agent = from.id,
                                  .to = id,
                                  .number = departure.number,
                                  .departed = departure.done,
                                  .body = departure.body,
                                  .request = StartFlow{0, from.host, agent(id).host, departure.bytes},
                                  .fate = faults.any() ? faults.judge(*departure.body->type, envelope) : Fate{}});
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
  const Errand errand = std::move(errands_[ticket]);
  errands_.give_back(ticket);
  const Time when = std::max(at, now_);
  if (errand.kind != Errand::Kind::compute) land_flow(errand, when + errand.fate.delay, completed);
  if (errand.kind == Errand::Kind::message) return;
  const std::uint32_t slot = incoming_.take();
  incoming_[slot] = {
      {.kind = WaitingInput::Kind::worked, .completed = completed && !errand.fate.lost, .work = errand.work},
      agent(errand.agent).outage,
      std::nullopt};
  queue_.push({.time = when,
               .agent = errand.agent,
               .what = Occurrence::worked,
               .source = errand.work.name,
               .slot = slot,
               .number = errand.work.id});
}

/// What a flow has carried arrives, all copies of it.
void ExactExecutor::land_flow(const Errand& errand, Time when, bool completed) {
  const bool hosts_on = agent(errand.agent).running && agent(errand.to).running;
  std::optional<DropReason> lost = errand.fate.lost;
  if (!completed) lost = hosts_on ? DropReason::link_off : DropReason::host_off;
  const std::uint32_t copies = lost ? 0 : errand.fate.copies;
  metrics_.messages_duplicated += copies;
  for (std::uint32_t copy = 0; copy <= copies; copy++) {
    const std::uint32_t slot = incoming_.take();
    incoming_[slot] = {{.kind = WaitingInput::Kind::message,
                        .copy = copy,
                        .from = errand.agent,
                        .number = errand.number,
                        .at = errand.departed,
                        .body = errand.body},
                       agent(errand.to).outage,
                       lost};
    queue_.push({.time = when + errand.fate.gap * copy,
                 .agent = errand.to,
                 .what = Occurrence::flow,
                 .copy = static_cast<std::uint8_t>(copy),
                 .source = index(errand.agent),
                 .slot = slot,
                 .number = errand.number});
  }
}

}  // namespace conclave
