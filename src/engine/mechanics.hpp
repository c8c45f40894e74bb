// What happens at one agent, whichever executor runs it: inputs wait until the agent is free, a step handles one, its
// effects take place when the step is done.
//
// An executor derives from Mechanics<itself> and provides
//   schedule(entry)                  an occurrence at one agent, to be handed to handle() when its time has come
//   launch(agent, departure)         a message is to leave
//   begin_errand(at, errand)         SimGrid is wanted
#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/raw_bytes.hpp"
#include "engine/departure.hpp"
#include "engine/event_queue.hpp"
#include "engine/handover.hpp"
#include "engine/pool.hpp"
#include "engine/simulation.hpp"

namespace conclave {

template <class Derived>
class Mechanics {
 public:
  Mechanics(Simulation& simulation, EventStream& stream, Metrics& metrics)
      : simulation_(simulation), stream_(stream), metrics_(metrics) {}

  Time now() const { return now_; }
  Time last_event() const { return last_event_; }

 protected:
  Agent& agent(AgentId id) { return simulation_.agents[index(id)]; }
  Derived& derived() { return static_cast<Derived&>(*this); }

  /// Schedules what the scenario has in store for an agent: its start, its host's first outage, its workload.
  void prepare(Agent& agent);
  /// An occurrence at an agent whose time has come. Requires that it is none of arrival and activity.
  void handle(const QueueEntry& entry);

  void receive(Agent& to, const Arriving& message);
  Time pass_downlink(Agent& to, std::uint64_t bytes);
  void schedule_link(const Agent& agent);
  void on_ready(const QueueEntry& entry);
  void arrive(Agent& to, const Carried& message) {
    free_now(to) ? take_up_message(to, message) : wait(to, waiting(message));
  }
  void on_flow(const QueueEntry& entry);
  void on_timer(const QueueEntry& entry);
  void on_request(const QueueEntry& entry);
  void on_wake(Agent& agent);
  void on_outage_begins(Agent& agent);
  void on_outage_ends(Agent& agent);
  void on_worked(const QueueEntry& entry);

  void offer(Agent& to, WaitingInput&& input);
  bool free_now(const Agent& agent) const { return agent.busy_until <= now_ && agent.inbox.empty(); }
  void wait(Agent& agent, WaitingInput&& input);
  void take_up(Agent& agent, const WaitingInput& input);
  void take_up_message(Agent& agent, const Carried& message);
  void hand_over(Agent& agent, const Carried& message, const RecordPtr& body);
  void drop(Agent& at, const Carried& message, DropReason reason);
  Injected injected(const Agent& to, const Carried& message) const;
  static WaitingInput waiting(const Carried& message) {
    return {.kind = WaitingInput::Kind::message,
            .copy = message.copy,
            .from = message.from,
            .number = message.number,
            .at = message.departed,
            .body = message.body};
  }
  /// Requires a message.
  static Carried carried(const WaitingInput& input) {
    return {input.from, input.number, input.copy, input.at, input.body};
  }
  void start(Agent& agent);
  void step(Agent& agent, const Input& input);

  void execute(Agent& agent, Time done);
  void fetch_destinations() const;
  void send(Agent& from, Time done, const Send& send);
  void encode(const Record& body);
  void transfer(Agent& from, Time done, const Transfer& wanted);
  Fate fate_of_transfer(const Agent& from, AgentId to, Time done, std::uint64_t number, const RecordPtr& body) const;
  void set_timer(Agent& agent, Time deadline, TimerKey key);
  static TimerKey timer_of(const QueueEntry& entry) {
    return {.name = entry.source, .layer = entry.copy, .id = entry.number};
  }
  void cancel_timer(Agent& agent, TimerKey key);

  Simulation& simulation_;
  EventStream& stream_;
  Metrics& metrics_;
  Time now_;
  Time last_event_;
  Outbox out_;
  Encoding scratch_;
  // The body that was sent last in this step: some send one and the same to many, each for itself.
  const Record* encoded_ = nullptr;
  std::uint64_t encoded_bytes_ = 0;    ///< on the wire, with the network's header
  std::uint64_t encoded_content_ = 0;  ///< a hash of it
  Pool<Incoming> incoming_;
};

template <class Derived>
void Mechanics<Derived>::prepare(Agent& agent) {
  const OutageList& outages = simulation_.outages.of_host(agent.host);
  if (outages.empty() || outages.front().from > kStartOfRun) {
    derived().schedule({.time = kStartOfRun, .agent = agent.id, .what = Occurrence::begin});
  }  // else it begins when its host does
  if (!outages.empty()) {
    derived().schedule({.time = outages.front().from, .agent = agent.id, .what = Occurrence::outage_begins});
  }
  const GroupSection& group = simulation_.scenario.groups[agent.group];
  if (group.workload && group.workload->requests > 0) {
    derived().schedule(
        {.time = Time(group.workload->start), .agent = agent.id, .what = Occurrence::request, .number = 1});
  }
}

template <class Derived>
void Mechanics<Derived>::handle(const QueueEntry& entry) {
  switch (entry.what) {
    case Occurrence::begin: return start(agent(entry.agent));
    case Occurrence::ready: return on_ready(entry);
    case Occurrence::flow: return on_flow(entry);
    case Occurrence::timer: return on_timer(entry);
    case Occurrence::wake: return on_wake(agent(entry.agent));
    case Occurrence::request: return on_request(entry);
    case Occurrence::worked: return on_worked(entry);
    case Occurrence::outage_begins: return on_outage_begins(agent(entry.agent));
    case Occurrence::outage_ends: return on_outage_ends(agent(entry.agent));
    case Occurrence::arrival:
    case Occurrence::activity: return;
  }
}

template <class Derived>
void Mechanics<Derived>::receive(Agent& to, const Arriving& message) {
  const Carried carried{message.from, message.number, message.copy, message.departed, message.body};
  if (!to.running) return drop(to, carried, DropReason::host_off);
  if (message.lost) return drop(to, carried, *message.lost);
  const Time finished = message.local ? now_ : pass_downlink(to, message.bytes);
  if (finished == now_) return arrive(to, carried);
  const bool first = to.link.empty();
  to.link.push({finished, message.departed, message.number, message.from, message.copy, message.body});
  if (first) schedule_link(to);
}

/// When the receiver's access link has carried all of a message whose last bit would be there now.
template <class Derived>
Time Mechanics<Derived>::pass_downlink(Agent& to, std::uint64_t bytes) {
  if (const SerialisationRate* cut = simulation_.link_faults.cut(to.id, now_)) {
    to.downlink_free = std::min(std::max(now_, to.downlink_free) + cut->of(bytes), kFarFuture);
  } else {
    // The link must have had time for all of this message since it was last free.
    to.downlink_free = std::max(now_, to.downlink_free + simulation_.routes.access[to.host].down.of(bytes));
  }
  return to.downlink_free;
}

/// Only the first message on a link has an entry in the queue: the others follow it.
template <class Derived>
void Mechanics<Derived>::schedule_link(const Agent& agent) {
  const OnLink& next = agent.link.front();
  derived().schedule({.time = next.finished,
                      .agent = agent.id,
                      .what = Occurrence::ready,
                      .copy = static_cast<std::uint8_t>(next.copy),
                      .source = index(next.from),
                      .number = next.number});
}

template <class Derived>
void Mechanics<Derived>::on_ready(const QueueEntry& entry) {
  Agent& to = agent(entry.agent);
  // The link may have been emptied by an outage, and filled again.
  if (to.link.empty() || to.link.front().finished != entry.time) return;
  const OnLink message = to.link.pop();
  if (!to.link.empty()) schedule_link(to);
  const Carried carried{message.from, message.number, message.copy, message.departed, message.body};
  arrive(to, carried);
}

/// A message that SimGrid has carried.
template <class Derived>
void Mechanics<Derived>::on_flow(const QueueEntry& entry) {
  Incoming incoming = std::move(incoming_[entry.slot]);
  incoming_.give_back(entry.slot);
  Agent& to = agent(entry.agent);
  if (!to.running || to.outage != incoming.outage) incoming.lost = DropReason::host_off;
  if (!incoming.lost) return offer(to, std::move(incoming.input));
  drop(to, carried(incoming.input), *incoming.lost);
}

template <class Derived>
void Mechanics<Derived>::on_timer(const QueueEntry& entry) {
  Agent& owner = agent(entry.agent);
  const TimerKey key = timer_of(entry);
  PendingTimer* timer = owner.timers.find(key);
  if (!timer || timer->queued != entry.time) return;
  if (timer->deadline == kNever) return owner.timers.erase(timer);
  if (timer->deadline > entry.time) {  // it was set again meanwhile: this entry moves on with it
    timer->queued = timer->deadline;
    QueueEntry later = entry;
    later.time = timer->deadline;
    return derived().schedule(later);
  }
  timer->queued = kNever;
  offer(owner, {.kind = WaitingInput::Kind::timer, .at = entry.time, .timer = key});
}

template <class Derived>
void Mechanics<Derived>::on_request(const QueueEntry& entry) {
  Agent& asked = agent(entry.agent);
  const WorkloadSection& workload = *simulation_.scenario.groups[asked.group].workload;
  if (entry.number < workload.requests) {
    QueueEntry next = entry;
    next.time += workload.every;
    next.number++;
    derived().schedule(next);
  }
  if (!asked.running) return;  // nobody is there to be asked
  offer(asked, {.kind = WaitingInput::Kind::request,
                .payload = static_cast<std::uint32_t>(workload.payload.bytes),
                .number = entry.number});
}

template <class Derived>
void Mechanics<Derived>::on_wake(Agent& agent) {
  if (agent.inbox.empty() || agent.busy_until > now_) return;
  take_up(agent, agent.inbox.pop());
  if (agent.inbox.empty()) return;
  derived().schedule({.time = std::max(now_, agent.busy_until), .agent = agent.id, .what = Occurrence::wake});
}

template <class Derived>
void Mechanics<Derived>::on_outage_begins(Agent& agent) {
  if (agent.running) stream_.stopped(agent.log, agent.id, now_);
  agent.running = false;
  agent.timers.clear();
  agent.link.each([&](const OnLink& message) {
    drop(agent, {message.from, message.number, message.copy, message.departed, message.body}, DropReason::host_off);
  });
  agent.link.clear();
  agent.inbox.each([&](const WaitingInput& input) {
    if (input.kind == WaitingInput::Kind::message) drop(agent, carried(input), DropReason::host_off);
  });
  agent.inbox.clear();
  const Time until = simulation_.outages.of_host(agent.host)[agent.outage++].until;
  if (until != kNever) derived().schedule({.time = until, .agent = agent.id, .what = Occurrence::outage_ends});
}

template <class Derived>
void Mechanics<Derived>::on_outage_ends(Agent& agent) {
  agent.busy_until = agent.downlink_free = agent.uplink_free = now_;
  const OutageList& outages = simulation_.outages.of_host(agent.host);
  if (agent.outage < outages.size()) {
    derived().schedule({.time = outages[agent.outage].from, .agent = agent.id, .what = Occurrence::outage_begins});
  }
  if (!agent.started) return start(agent);
  agent.running = true;
  stream_.restarted(agent.log, agent.id, now_);
  step(agent, Restarted{});
}

template <class Derived>
void Mechanics<Derived>::on_worked(const QueueEntry& entry) {
  Incoming incoming = std::move(incoming_[entry.slot]);
  incoming_.give_back(entry.slot);
  Agent& worker = agent(entry.agent);
  if (worker.running && worker.outage == incoming.outage) offer(worker, std::move(incoming.input));
}

template <class Derived>
void Mechanics<Derived>::offer(Agent& to, WaitingInput&& input) {
  free_now(to) ? take_up(to, input) : wait(to, std::move(input));
}

template <class Derived>
void Mechanics<Derived>::wait(Agent& agent, WaitingInput&& input) {
  if (agent.inbox.empty()) {
    derived().schedule({.time = agent.busy_until, .agent = agent.id, .what = Occurrence::wake});
  }
  agent.inbox.push(std::move(input));
}

template <class Derived>
void Mechanics<Derived>::take_up(Agent& agent, const WaitingInput& input) {
  switch (input.kind) {
    case WaitingInput::Kind::message: return take_up_message(agent, carried(input));
    case WaitingInput::Kind::timer: {
      PendingTimer* timer = agent.timers.find(input.timer);
      if (!timer || timer->deadline != input.at) return;  // cancelled or set again in time
      agent.timers.erase(timer);
      metrics_.timers_fired++;
      stream_.timer(agent.log, agent.id, now_, input.timer);
      return step(agent, TimerFired{input.timer});
    }
    case WaitingInput::Kind::request:
      metrics_.requests++;
      stream_.requested(agent.log, agent.id, now_, input.number);
      return step(agent, Request{input.number, input.payload});
    case WaitingInput::Kind::worked:
      stream_.worked(agent.log, agent.id, now_, input.work, input.completed);
      return step(agent, WorkFinished{input.work, input.completed});
  }
}

template <class Derived>
void Mechanics<Derived>::take_up_message(Agent& agent, const Carried& message) {
  if (message.body->type != &kRecordType<RawBytes>) [[likely]]
    return hand_over(agent, message, message.body);
  // Bytes that need not be a message any more: the receiver's decoder says.
  const RecordPtr read = read_message(message.body);
  read ? hand_over(agent, message, read) : drop(agent, message, DropReason::undecodable);
}

/// `body` is what the receiver reads: the message's own, or what its bytes have become.
template <class Derived>
void Mechanics<Derived>::hand_over(Agent& agent, const Carried& message, const RecordPtr& body) {
  const Duration latency = now_ - message.departed;
  metrics_.messages_delivered++;
  metrics_.latency.add(latency);
  stream_.delivered(agent.log, agent.id, now_, message.from, message.number, latency, body->type,
                    [&] { return injected(agent, message); });
  step(agent, Message{message.from, body});
}

template <class Derived>
void Mechanics<Derived>::drop(Agent& at, const Carried& message, DropReason reason) {
  metrics_.messages_dropped[static_cast<std::size_t>(reason)]++;
  stream_.dropped(at.log, at.id, now_, message.from, message.number, reason, message.body->type,
                  [&] { return injected(at, message); });
}

/// What link rules did to a message, for the trace. Had again from the rules: nothing remembers it.
template <class Derived>
Injected Mechanics<Derived>::injected(const Agent& to, const Carried& message) const {
  if (!simulation_.link_faults.any()) return {};
  const Fate fate = simulation_.link_faults.judge(
      *message.body->type, {message.from, to.id, Envelope::identify(message.from, message.number), message.departed});
  return {fate.delay + fate.gap * message.copy, message.copy};
}

template <class Derived>
void Mechanics<Derived>::start(Agent& agent) {
  agent.started = agent.running = true;
  stream_.started(agent.log, agent.id, now_);
  step(agent, Start{});
}

template <class Derived>
void Mechanics<Derived>::step(Agent& agent, const Input& input) {
  last_event_ = std::max(last_event_, now_);
  out_.clear();
  const View view{.self = agent.id,
                  .now = now_,
                  .peers = agent.peers,
                  .roster = simulation_.scenario.roster,
                  .random = agent.random,
                  .crypto = agent.crypto};
  agent.protocol->step(view, input, out_);
  const Time done = now_ + agent.handling + agent.crypto.take_spent() + out_.spent();
  agent.busy_until = done;
  if (!out_.empty()) execute(agent, done);
}

template <class Derived>
void Mechanics<Derived>::execute(Agent& agent, Time done) {
  const OutageList& outages = simulation_.outages.of_host(agent.host);
  if (agent.outage < outages.size() && done >= outages[agent.outage].from) return;  // it dies before it has finished
  if (done > simulation_.stop_at) return;                                           // nobody will see it
  last_event_ = std::max(last_event_, done);
  encoded_ = nullptr;
  fetch_destinations();
  for (const Effect& effect : out_.effects()) {
    std::visit(Overload{
                   [&](const Send& wanted) { send(agent, done, wanted); },
                   [&](const SetTimer& wanted) {
                     set_timer(agent, done + std::clamp(wanted.after, Duration::zero(), kLongestDuration), wanted.key);
                   },
                   [&](const CancelTimer& wanted) { cancel_timer(agent, wanted.key); },
                   [&](const Compute& wanted) {
                     metrics_.computations++;
                     derived().begin_errand(done, {.kind = Errand::Kind::compute,
                                                   .agent = agent.id,
                                                   .work = wanted.key,
                                                   .request = StartCompute{0, agent.host, wanted.flops}});
                   },
                   [&](const Transfer& wanted) { transfer(agent, done, wanted); },
                   [&](const Emit& wanted) { stream_.emitted(agent.log, agent.id, done, wanted.event); },
               },
               effect);
  }
}

/// Who sends to many, each for itself, looks all over the table of destinations.
template <class Derived>
[[gnu::always_inline]] inline void Mechanics<Derived>::fetch_destinations() const {  // GCC 12 drops a call otherwise
  if (out_.effects().size() == 1) return;
  for (const Effect& effect : out_.effects()) {
    const Send* send = std::get_if<Send>(&effect);
    if (send && send->to.is_one()) __builtin_prefetch(simulation_.destinations.data() + index(send->to.only()));
  }
}

template <class Derived>
void Mechanics<Derived>::send(Agent& from, Time done, const Send& send) {
  if (send.to.is_one() && index(send.to.only()) >= simulation_.agents.size()) {
    throw std::out_of_range("a protocol sends to an agent that does not exist");
  }
  const std::uint32_t receivers = send.to.count(from.id);
  if (receivers == 0) return;
  if (send.body.get() != encoded_) encode(*send.body);
  const std::uint64_t bytes = encoded_bytes_;
  const std::uint64_t number = from.messages++;
  stream_.sent(from.log, from.id, done, number, send.to, bytes, encoded_content_, send.body);
  metrics_.messages_sent += receivers;
  metrics_.bytes_sent += receivers * bytes;
  metrics_.sent_by_kind.add(*send.body->type, receivers);
  derived().launch(from, Departure{done, number, bytes, send.to, send.body});
}

template <class Derived>
void Mechanics<Derived>::encode(const Record& body) {
  scratch_.bytes.clear();
  scratch_.filler = 0;
  body.type->encode(body, scratch_);
  encoded_ = &body;
  encoded_bytes_ = wire_bytes(body, scratch_) + simulation_.scenario.network.header.bytes;
  encoded_content_ = hash64(scratch_.bytes, body.type->tag);
}

template <class Derived>
void Mechanics<Derived>::transfer(Agent& from, Time done, const Transfer& wanted) {
  const std::uint64_t number = from.messages++;
  const std::uint64_t bytes = wanted.bytes + simulation_.scenario.network.header.bytes;
  stream_.sent(from.log, from.id, done, number, Recipients::one(wanted.to), bytes, hash64(wanted.body->encode().bytes),
               wanted.body);
  metrics_.messages_sent++;
  metrics_.transfers++;
  metrics_.bytes_sent += bytes;
  metrics_.sent_by_kind.add(*wanted.body->type, 1);
  derived().begin_errand(done, {.kind = Errand::Kind::transfer,
                                .agent = from.id,
                                .to = wanted.to,
                                .work = wanted.key,
                                .number = number,
                                .departed = done,
                                .body = wanted.body,
                                .request = StartFlow{0, from.host, agent(wanted.to).host, bytes},
                                .fate = fate_of_transfer(from, wanted.to, done, number, wanted.body)});
}

/// Bulk data is a stream that sends again what was lost: of all that links do, only a partition stops it.
template <class Derived>
Fate Mechanics<Derived>::fate_of_transfer(const Agent& from, AgentId to, Time done, std::uint64_t number,
                                          const RecordPtr& body) const {
  if (!simulation_.link_faults.any()) return {};
  const Fate fate =
      simulation_.link_faults.judge(*body->type, {from.id, to, Envelope::identify(from.id, number), done});
  return fate.lost == DropReason::partition ? fate : Fate{};
}

template <class Derived>
void Mechanics<Derived>::set_timer(Agent& agent, Time deadline, TimerKey key) {
  PendingTimer& timer = agent.timers.set(key, deadline);
  if (timer.queued <= deadline) return;  // its entry comes up in time and moves on
  timer.queued = deadline;
  derived().schedule({.time = deadline,
                      .agent = agent.id,
                      .what = Occurrence::timer,
                      .copy = static_cast<std::uint8_t>(key.layer),
                      .source = key.name,
                      .number = key.id});
}

template <class Derived>
void Mechanics<Derived>::cancel_timer(Agent& agent, TimerKey key) {
  PendingTimer* timer = agent.timers.find(key);
  if (!timer) return;
  if (timer->queued == kNever) return agent.timers.erase(timer);
  timer->deadline = kNever;  // its entry is in the queue: it goes when that comes up
}

}  // namespace conclave
