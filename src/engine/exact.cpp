#include "engine/exact.hpp"

#include <algorithm>

namespace conclave {

namespace {

/// Queue entries between two looks at the outside world (an interrupt, a progress line): well under a millisecond's
/// worth.
constexpr std::uint64_t kPollEvery = 4096;

const OutageList* find(const std::map<std::uint32_t, OutageList>& lists, std::uint32_t host) {
  const auto found = lists.find(host);
  return found == lists.end() ? nullptr : &found->second;
}

}  // namespace

ExactExecutor::ExactExecutor(Simulation& simulation, Poll poll) : simulation_(simulation), poll_(std::move(poll)) {}

void ExactExecutor::run_until(Time horizon) {
  if (!begun_) begin();
  horizon = std::min(horizon, simulation_.stop_at);
  while (requests_.empty() && !interrupted_ && !queue_.empty() && queue_.top().time <= horizon) {
    const QueueEntry entry = queue_.top();
    now_ = entry.time;
    handle(entry);
    if (++handled_ % kPollEvery == 0) {
      interrupted_ = poll_ && poll_(now_);
      if (simulation_.stream.crowded()) simulation_.stream.settle(now_);
    }
  }
}

void ExactExecutor::begin() {
  begun_ = true;
  schedule_outages();
  for (Agent& each : simulation_.agents) {
    const OutageList& outages = simulation_.outages.of_host(each.host);
    if (!outages.empty() && outages.front().from <= kStartOfRun) continue;  // begins when its host does
    queue_.push({.time = kStartOfRun, .agent = each.id, .what = Occurrence::begin});
  }
  for (const GroupSection& group : simulation_.scenario.groups) {
    if (!group.workload || group.workload->requests == 0) continue;
    for (const AgentId id : simulation_.scenario.roster.find(group.name)->agents) {
      const auto slot = static_cast<std::uint32_t>(&group - simulation_.scenario.groups.data());
      queue_.push(
          {.time = Time(group.workload->start), .agent = id, .what = Occurrence::request, .slot = slot, .number = 1});
    }
  }
}

void ExactExecutor::schedule_outages() {
  const auto flip = [this](Time at, WorldRequest&& request) {
    run_errand(at, {.kind = Errand::Kind::switch_on_off, .agent = kNobody, .request = std::move(request)});
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
  for (const Agent& each : simulation_.agents) {
    const OutageList& outages = simulation_.outages.of_host(each.host);
    if (!outages.empty()) {
      queue_.push({.time = outages.front().from, .agent = each.id, .what = Occurrence::outage_begins});
    }
  }
}

void ExactExecutor::handle(const QueueEntry& entry) {
  switch (entry.what) {
    case Occurrence::arrival: return on_arrival(entry);
    case Occurrence::ready: return on_ready(entry);
    case Occurrence::timer: return on_timer(entry);
    case Occurrence::wake: queue_.pop(); return on_wake(agent(entry.agent));
    case Occurrence::request: return on_request(entry);
    case Occurrence::worked: return on_worked(entry);
    case Occurrence::outage_begins: queue_.pop(); return on_outage(agent(entry.agent), true);
    case Occurrence::outage_ends: queue_.pop(); return on_outage(agent(entry.agent), false);
    case Occurrence::begin: {
      queue_.pop();
      Agent& starting = agent(entry.agent);
      starting.running = true;
      simulation_.stream.started(starting.log, starting.id, now_);
      return step(starting, Start{});
    }
    case Occurrence::activity:
      queue_.pop();
      requests_.push_back(errands_[entry.slot].request);
      if (errands_[entry.slot].kind == Errand::Kind::switch_on_off) errands_.give_back(entry.slot);
      return;
  }
}

// What comes up in the queue.

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
  receive(agent(arrival.to), flight, arrival);
  if (last) {
    flight.body.reset();
    flights_.give_back(entry.slot);
  }
}

void ExactExecutor::on_ready(const QueueEntry& entry) {
  queue_.pop();
  Incoming incoming = std::move(incoming_[entry.slot]);
  incoming_.give_back(entry.slot);
  Agent& to = agent(entry.agent);
  if (!to.running || to.outage != incoming.outage) {
    return drop(to, incoming.input.from, incoming.input.number, incoming.input.body, DropReason::host_off);
  }
  offer(to, std::move(incoming.input));
}

void ExactExecutor::on_timer(const QueueEntry& entry) {
  queue_.pop();
  Agent& owner = agent(entry.agent);
  const TimerKey key{.name = entry.source, .layer = entry.copy, .id = entry.number};
  const auto timer = owner.timers.find(key);
  if (timer == owner.timers.end() || timer->second.queued != entry.time) return;
  if (timer->second.deadline == kNever) return void(owner.timers.erase(timer));
  if (timer->second.deadline > entry.time) {  // it was set again meanwhile: this entry moves on with it
    timer->second.queued = timer->second.deadline;
    QueueEntry later = entry;
    later.time = timer->second.deadline;
    return queue_.push(later);
  }
  timer->second.queued = kNever;
  offer(owner, {.kind = WaitingInput::Kind::timer, .at = entry.time, .timer = key});
}

void ExactExecutor::on_request(const QueueEntry& entry) {
  const WorkloadSection& workload = *simulation_.scenario.groups[entry.slot].workload;
  if (entry.number < workload.requests) {
    QueueEntry next = entry;
    next.time += workload.every;
    next.number++;
    queue_.replace_top(next);
  } else {
    queue_.pop();
  }
  Agent& asked = agent(entry.agent);
  if (!asked.running) return;  // nobody is there to be asked
  offer(asked, {.kind = WaitingInput::Kind::request,
                .payload = static_cast<std::uint32_t>(workload.payload.bytes),
                .number = entry.number});
}

void ExactExecutor::on_wake(Agent& agent) {
  if (agent.inbox.empty() || agent.busy_until > now_) return;
  take_up(agent, agent.inbox.pop());
  if (agent.inbox.empty()) return;
  queue_.push({.time = std::max(now_, agent.busy_until), .agent = agent.id, .what = Occurrence::wake});
}

void ExactExecutor::on_outage(Agent& agent, bool begins) {
  const OutageList& outages = simulation_.outages.of_host(agent.host);
  if (begins) {
    if (agent.running) simulation_.stream.stopped(agent.log, agent.id, now_);
    agent.running = false;
    agent.timers.clear();
    agent.inbox.each([&](const WaitingInput& input) {
      if (input.kind == WaitingInput::Kind::message)
        drop(agent, input.from, input.number, input.body, DropReason::host_off);
    });
    agent.inbox.clear();
    const Time until = outages[agent.outage].until;
    agent.outage++;
    if (until != kNever) queue_.push({.time = until, .agent = agent.id, .what = Occurrence::outage_ends});
    return;
  }
  agent.running = true;
  agent.busy_until = agent.downlink_free = agent.uplink_free = now_;
  if (agent.outage < outages.size()) {
    queue_.push({.time = outages[agent.outage].from, .agent = agent.id, .what = Occurrence::outage_begins});
  }
  if (agent.log.events == 0) {
    simulation_.stream.started(agent.log, agent.id, now_);
    return step(agent, Start{});
  }
  simulation_.stream.restarted(agent.log, agent.id, now_);
  step(agent, Restarted{});
}

void ExactExecutor::on_worked(const QueueEntry& entry) {
  queue_.pop();
  Incoming incoming = std::move(incoming_[entry.slot]);
  incoming_.give_back(entry.slot);
  Agent& worker = agent(entry.agent);
  if (worker.running && worker.outage == incoming.outage) offer(worker, std::move(incoming.input));
}

// From the network to the agent.

void ExactExecutor::receive(Agent& to, Flight& flight, const Flight::Arrival& arrival) {
  if (!to.running) return drop(to, flight.from, flight.number, flight.body, DropReason::host_off);
  if (arrival.lost) return drop(to, flight.from, flight.number, flight.body, DropReason::link_off);
  Time finished = arrival.tail;
  if (to.host != agent(flight.from).host) {
    // The link must have had time for all of this message since it was last free.
    finished = std::max(finished, to.downlink_free + simulation_.routes.access[to.host].down.of(flight.bytes));
    to.downlink_free = finished;
  }
  if (finished == now_ && free_now(to)) {
    return take_up_message(to, flight.from, flight.number, flight.departed, flight.body);
  }
  WaitingInput input{.kind = WaitingInput::Kind::message,
                     .from = flight.from,
                     .number = flight.number,
                     .at = flight.departed,
                     .body = flight.body};
  if (finished == now_) return wait(to, std::move(input));
  const std::uint32_t slot = incoming_.take();
  incoming_[slot] = {std::move(input), to.outage};
  queue_.push({.time = finished,
               .agent = to.id,
               .what = Occurrence::ready,
               .source = index(flight.from),
               .slot = slot,
               .number = flight.number});
}

void ExactExecutor::offer(Agent& to, WaitingInput&& input) {
  free_now(to) ? take_up(to, input) : wait(to, std::move(input));
}

void ExactExecutor::wait(Agent& agent, WaitingInput&& input) {
  if (agent.inbox.empty()) queue_.push({.time = agent.busy_until, .agent = agent.id, .what = Occurrence::wake});
  agent.inbox.push(std::move(input));
}

void ExactExecutor::take_up(Agent& agent, const WaitingInput& input) {
  switch (input.kind) {
    case WaitingInput::Kind::message: return take_up_message(agent, input.from, input.number, input.at, input.body);
    case WaitingInput::Kind::timer: {
      const auto timer = agent.timers.find(input.timer);
      if (timer == agent.timers.end() || timer->second.deadline != input.at) return;  // cancelled or set again in time
      agent.timers.erase(timer);
      simulation_.metrics.timers_fired++;
      simulation_.stream.timer(agent.log, agent.id, now_, input.timer);
      return step(agent, TimerFired{input.timer});
    }
    case WaitingInput::Kind::request:
      simulation_.metrics.requests++;
      simulation_.stream.requested(agent.log, agent.id, now_, input.number);
      return step(agent, Request{input.number, input.payload});
    case WaitingInput::Kind::worked:
      simulation_.stream.worked(agent.log, agent.id, now_, input.work, input.completed);
      return step(agent, WorkFinished{input.work, input.completed});
  }
}

void ExactExecutor::take_up_message(Agent& agent, AgentId from, std::uint64_t number, Time departed,
                                    const RecordPtr& body) {
  const Duration latency = now_ - departed;
  simulation_.metrics.messages_delivered++;
  simulation_.metrics.latency.add(latency);
  simulation_.stream.delivered(agent.log, agent.id, now_, from, number, latency, body->type);
  step(agent, Message{from, body});
}

void ExactExecutor::drop(Agent& at, AgentId from, std::uint64_t number, const RecordPtr& body, DropReason reason) {
  simulation_.metrics.messages_dropped[static_cast<std::size_t>(reason)]++;
  simulation_.stream.dropped(at.log, at.id, now_, from, number, reason, body ? body->type : nullptr);
}

void ExactExecutor::step(Agent& agent, const Input& input) {
  last_event_ = now_;
  out_.clear();
  const View view{.self = agent.id,
                  .now = now_,
                  .peers = agent.peers,
                  .roster = simulation_.scenario.roster,
                  .random = agent.random,
                  .crypto = agent.crypto};
  agent.protocol->step(view, input, out_);
  const Time done = now_ + agent.handling + agent.crypto.take_spent();
  agent.busy_until = done;
  if (!out_.empty()) execute(agent, done);
}

// From the agent to the network.

void ExactExecutor::execute(Agent& agent, Time done) {
  const OutageList& outages = simulation_.outages.of_host(agent.host);
  if (agent.outage < outages.size() && done >= outages[agent.outage].from) return;  // it dies before it has finished
  last_event_ = std::max(last_event_, done);
  for (const Effect& effect : out_.effects()) {
    std::visit(Overload{
                   [&](const Send& wanted) { send(agent, done, wanted); },
                   [&](const SetTimer& wanted) { set_timer(agent, done + wanted.after, wanted.key); },
                   [&](const CancelTimer& wanted) {
                     const auto timer = agent.timers.find(wanted.key);
                     if (timer == agent.timers.end()) return;
                     timer->second.queued == kNever ? void(agent.timers.erase(timer))
                                                    : void(timer->second.deadline = kNever);
                   },
                   [&](const Compute& wanted) {
                     simulation_.metrics.computations++;
                     run_errand(done, {.kind = Errand::Kind::compute,
                                       .agent = agent.id,
                                       .work = wanted.key,
                                       .request = StartCompute{0, agent.host, wanted.flops}});
                   },
                   [&](const Transfer& wanted) { transfer(agent, done, wanted); },
                   [&](const Emit& wanted) { simulation_.stream.emitted(agent.log, agent.id, done, wanted.event); },
               },
               effect);
  }
}

void ExactExecutor::send(Agent& from, Time done, const Send& send) {
  const std::uint32_t receivers = send.to.count(from.id);
  if (receivers == 0) return;
  scratch_.bytes.clear();
  scratch_.filler = 0;
  send.body->type->encode(*send.body, scratch_);
  const NetworkSection& network = simulation_.scenario.network;
  const std::uint64_t bytes = sizeof send.body->type->tag + scratch_.wire_bytes() + network.header.bytes;
  const std::uint64_t number = from.messages++;
  const std::uint64_t content = hash64(scratch_.bytes, send.body->type->tag);
  simulation_.stream.sent(from.log, from.id, done, number, send.to, bytes, content, send.body);
  simulation_.metrics.messages_sent += receivers;
  simulation_.metrics.bytes_sent += receivers * bytes;
  simulation_.metrics.sent_by_kind[send.body->type->name] += receivers;
  const bool flow = network.model == NetworkModel::flow || (network.flow_above && bytes > network.flow_above->bytes);
  flow ? send_flows(from, done, send, number, bytes) : send_messages(from, done, send, number, bytes);
}

void ExactExecutor::send_messages(Agent& from, Time done, const Send& send, std::uint64_t number, std::uint64_t bytes) {
  const RouteTable& routes = simulation_.routes;
  const Access& access = routes.access[from.host];
  const Duration serialisation = access.up.of(bytes);
  const Time first_leaves = std::max(done, from.uplink_free);
  const bool check_links = simulation_.outages.any_link();
  const std::uint32_t slot = flights_.take();
  Flight& flight = flights_[slot];
  flight.from = from.id;
  flight.number = number;
  flight.bytes = bytes;
  flight.departed = done;
  flight.body = send.body;
  flight.arrivals.clear();
  flight.next = 0;
  Time leaves = first_leaves;
  send.to.each(from.id, [&](AgentId id, std::uint32_t) {
    const Agent& to = agent(id);
    if (to.host == from.host) return flight.arrivals.push_back({done + routes.loopback, id, false});
    const SerialisationRate rate =
        slower(slower(access.up, routes.between(from.host, to.host).rate), routes.access[to.host].down);
    const Time tail = leaves + routes.latency(from.host, to.host) + rate.of(bytes);
    flight.arrivals.push_back({tail, id, check_links && link_off(from, to, leaves, tail)});
    leaves += serialisation;
  });
  from.uplink_free = leaves;
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
               .number = number});
}

void ExactExecutor::send_flows(Agent& from, Time done, const Send& send, std::uint64_t number, std::uint64_t bytes) {
  send.to.each(from.id, [&](AgentId id, std::uint32_t) {
    run_errand(done, {.kind = Errand::Kind::message,
                      .agent = from.id,
                      .to = id,
                      .number = number,
                      .departed = done,
                      .body = send.body,
                      .request = StartFlow{0, from.host, agent(id).host, bytes}});
  });
}

void ExactExecutor::transfer(Agent& from, Time done, const Transfer& wanted) {
  const std::uint64_t number = from.messages++;
  const std::uint64_t bytes = wanted.bytes + simulation_.scenario.network.header.bytes;
  simulation_.stream.sent(from.log, from.id, done, number, Recipients::one(wanted.to), bytes,
                          hash64(wanted.body->encode().bytes), wanted.body);
  simulation_.metrics.messages_sent++;
  simulation_.metrics.transfers++;
  simulation_.metrics.bytes_sent += bytes;
  simulation_.metrics.sent_by_kind[wanted.body->type->name]++;
  run_errand(done, {.kind = Errand::Kind::transfer,
                    .agent = from.id,
                    .to = wanted.to,
                    .work = wanted.key,
                    .number = number,
                    .departed = done,
                    .body = wanted.body,
                    .request = StartFlow{0, from.host, agent(wanted.to).host, bytes}});
}

void ExactExecutor::set_timer(Agent& agent, Time deadline, TimerKey key) {
  const auto [timer, fresh] = agent.timers.try_emplace(key, PendingTimer{deadline, kNever});
  timer->second.deadline = deadline;
  if (timer->second.queued <= deadline) return;  // its entry comes up in time and moves on
  timer->second.queued = deadline;
  queue_.push({.time = deadline,
               .agent = agent.id,
               .what = Occurrence::timer,
               .copy = static_cast<std::uint8_t>(key.layer),
               .source = key.name,
               .number = key.id});
}

bool ExactExecutor::link_off(const Agent& from, const Agent& to, Time departs, Time arrives) const {
  if (from.host == to.host) return false;
  const OutageSchedule& outages = simulation_.outages;
  const OutageList* up = find(outages.access_links, from.host);
  const OutageList* down = find(outages.access_links, to.host);
  if ((up && off_during(*up, departs, arrives)) || (down && off_during(*down, departs, arrives))) return true;
  const auto core = outages.core_links.find({simulation_.routes.zone[from.host], simulation_.routes.zone[to.host]});
  return core != outages.core_links.end() && off_during(core->second, departs, arrives);
}

// Errands to SimGrid.

void ExactExecutor::run_errand(Time at, Errand&& errand) {
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

void ExactExecutor::finished(Ticket ticket, Time at, bool completed) {
  Errand errand = std::move(errands_[ticket]);
  errands_.give_back(ticket);
  const Time when = std::max(at, now_);
  if (errand.kind != Errand::Kind::compute) {
    const std::uint32_t slot = incoming_.take();
    // A flow that failed is reported to its receiver as a lost message: no outage has this number.
    const std::uint32_t outage = completed ? agent(errand.to).outage : ~std::uint32_t{0};
    incoming_[slot] = {{.kind = WaitingInput::Kind::message,
                        .from = errand.agent,
                        .number = errand.number,
                        .at = errand.departed,
                        .body = errand.body},
                       outage};
    queue_.push({.time = when,
                 .agent = errand.to,
                 .what = Occurrence::ready,
                 .source = index(errand.agent),
                 .slot = slot,
                 .number = errand.number});
  }
  if (errand.kind == Errand::Kind::message) return;
  const std::uint32_t slot = incoming_.take();
  incoming_[slot] = {{.kind = WaitingInput::Kind::worked, .completed = completed, .work = errand.work},
                     agent(errand.agent).outage};
  queue_.push({.time = when,
               .agent = errand.agent,
               .what = Occurrence::worked,
               .source = errand.work.name,
               .slot = slot,
               .number = errand.work.id});
}

}  // namespace conclave
