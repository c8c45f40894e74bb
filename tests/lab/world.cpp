#include "lab/world.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/raw_bytes.hpp"
#include "core/stack.hpp"

namespace conclave::lab {

namespace {

/// Agents whose keys the ring has room for. Keys are made when used.
constexpr std::size_t kAgentsMax = 1000;

}  // namespace

struct World::Work {
  std::optional<Transfer> transfer;  ///< what arrives when it completes
};

struct World::Agent {
  Agent(const KeyRing& keys, AgentId id)
      : random(Stream(kSeed, "agent").child(index(id))), crypto(keys, id, CryptoCost{}) {}

  std::vector<Component> stack;       ///< outermost first, the protocol last
  std::vector<Component> behaviours;  ///< outermost first, around the stack
  std::unique_ptr<Protocol> protocol;
  Random random;
  Crypto crypto;
  std::map<TimerKey, Time> timers;
  std::map<WorkKey, Work> work;
  std::uint64_t sent = 0;
  std::uint64_t requests = 0;
  std::uint64_t events = 0;
};

World::World() : keys_(std::make_unique<KeyRing>(SignatureScheme::ed25519, kSeed, kAgentsMax)) {}
World::~World() = default;

World::Agent& World::at(AgentId id) {
  return *agents_.at(index(id));
}

const World::Agent& World::at(AgentId id) const {
  return *agents_.at(index(id));
}

void World::add_group(const std::string& name, std::uint32_t count, std::vector<Component> stack) {
  if (roster_.find(name)) throw LabError(fmt::format("there are two groups `{}`", name));
  if (count == 0 || roster_.size() + count > kAgentsMax)
    throw LabError(fmt::format("a lab has 1 to {} agents", kAgentsMax));
  for (const AgentId id : roster_.add(name, count, stack.back().name)) {
    agents_.push_back(std::make_unique<Agent>(*keys_, id));
    agents_.back()->stack = stack;
  }
}

void World::add_behaviour(AgentId id, Component behaviour) {
  std::vector<Component>& behaviours = at(id).behaviours;
  behaviours.insert(behaviours.begin(), std::move(behaviour));
  roster_.mark_faulty(id);
}

std::unique_ptr<Protocol> World::build(AgentId id) {
  const Agent& agent = at(id);
  const Deployment deployment{roster_, roster_.group_of(id), id, kSeed};
  StackPlan plan{.protocol = choose<ProtocolCatalog>(agent.stack.back(), deployment).make, .layers = {}};
  for (auto layer = std::next(agent.stack.rbegin()); layer != agent.stack.rend(); ++layer)
    plan.layers.push_back(choose<LayerCatalog>(*layer, deployment).make);
  for (auto behaviour = agent.behaviours.rbegin(); behaviour != agent.behaviours.rend(); ++behaviour)
    plan.layers.push_back(choose<BehaviourCatalog>(*behaviour, deployment).make);
  return make_stack(std::make_shared<const StackPlan>(std::move(plan)), deployment);
}

void World::start() {
  const AgentRange everyone{agent(0), roster_.size()};
  for (const AgentId id : everyone) at(id).protocol = build(id);
  started_ = true;
  for (const AgentId id : everyone) give(id, Start{}, fmt::format("{} starts", roster_.name(id)), false);
}

std::vector<PendingTimer> World::timers() const {
  std::vector<PendingTimer> pending;
  for (std::size_t i = 0; i < agents_.size(); i++)
    for (const auto& [key, due] : agents_[i]->timers) pending.push_back({due, agent(i), key});
  std::sort(pending.begin(), pending.end());
  return pending;
}

std::vector<WorkKey> World::work_of(AgentId id) const {
  std::vector<WorkKey> keys;
  for (const auto& [key, work] : at(id).work) keys.push_back(key);
  return keys;
}

// What may happen.

void World::request(AgentId id, std::uint32_t payload_bytes) {
  const std::uint64_t number = ++at(id).requests;
  give(id, Request{number, payload_bytes}, fmt::format("{} is asked for request {}", roster_.name(id), number));
}

void World::deliver(Flight flight) {
  const std::string heading = describe(flight);
  const RecordPtr body = read_message(in_flight_.at(flight));
  in_flight_.erase(flight);
  if (!body) return note(heading + "\n  is undecodable and lost");
  give(flight.to, Message{flight.from, body}, heading);
}

void World::duplicate(Flight flight) {
  const RecordPtr body = in_flight_.at(flight);
  while (in_flight_.contains(flight)) flight.copy++;
  in_flight_.emplace(flight, body);
}

void World::corrupt(Flight flight, std::int64_t bit) {
  RawBytes raw = raw_bytes(*in_flight_.at(flight));
  const auto bits = static_cast<std::int64_t>(raw.bytes.content.size()) * 8;
  if (bit < -bits || bit >= bits) throw LabError(fmt::format("the message has {} bits, not {}", bits, bit));
  flip_bit(raw.bytes.content, static_cast<std::size_t>(bit < 0 ? bit + bits : bit));
  write(describe(flight));
  if (RecordPtr changed = read_message(share(std::move(raw)))) {
    // Texts leave out signatures and all but the beginning of digests.
    const bool alike = changed->text() == in_flight_.at(flight)->text();
    write("  becomes " + (alike ? "one that looks the same" : changed->text()));
    in_flight_[flight] = std::move(changed);
  } else {
    write("  becomes undecodable and is lost");
    in_flight_.erase(flight);
  }
}

void World::relay(Flight flight, AgentId by) {
  const RecordPtr body = in_flight_.at(flight);
  const Flight relayed{by, ++at(by).sent, flight.to};
  in_flight_.emplace(relayed, body);
  write(describe(relayed));
}

void World::fire(AgentId id, TimerKey key) {
  at(id).timers.erase(key);
  give(id, TimerFired{key}, fmt::format("{} timer {} fires", roster_.name(id), key_text(key)));
}

void World::finish(AgentId id, WorkKey key, bool completed) {
  const Work work = std::move(at(id).work.extract(key).mapped());
  give(id, WorkFinished{key, completed},
       fmt::format("{} work {} {}", roster_.name(id), key_text(key), completed ? "completes" : "fails"));
  if (completed && work.transfer) send(id, Recipients::one(work.transfer->to), work.transfer->body);
}

void World::restart(AgentId id) {
  at(id).timers.clear();
  at(id).work.clear();
  std::erase_if(in_flight_, [id](const auto& flight) { return flight.first.to == id; });
  give(id, Restarted{}, fmt::format("{} restarts", roster_.name(id)));
}

// One step and its effects.

void World::give(AgentId id, const Input& input, const std::string& heading, bool always) {
  Agent& agent = at(id);
  Outbox out;
  agent.protocol->step({id, now_, roster_.group_of(id).agents, roster_, agent.random, agent.crypto}, input, out);
  if (always || !out.empty()) note(heading);
  if (out.spent() > Duration::zero()) note("  takes " + text(out.spent()));
  for (const Effect& effect : out.effects()) perform(id, effect);
}

void World::perform(AgentId id, const Effect& effect) {
  Agent& agent = at(id);
  const auto begin_work = [&](WorkKey key, const std::string& what, std::optional<Transfer> transfer) {
    agent.work[key] = {std::move(transfer)};
    note(fmt::format("  begins work {}: {}", key_text(key), what));
  };
  std::visit(Overload{
                 [&](const Send& effect_send) { send(id, effect_send.to, effect_send.body); },
                 [&](const SetTimer& timer) { set_timer(id, timer.key, timer.after); },
                 [&](const CancelTimer& timer) {
                   if (agent.timers.erase(timer.key)) note(fmt::format("  cancels timer {}", key_text(timer.key)));
                 },
                 [&](const Compute& compute) { begin_work(compute.key, fmt::format("{} flops", compute.flops), {}); },
                 [&](const Transfer& transfer) {
                   begin_work(transfer.key, fmt::format("{} bytes to {}", transfer.bytes, roster_.name(transfer.to)),
                              transfer);
                 },
                 [&](const Emit& said) { emit(id, said.event); },
             },
             effect);
}

void World::send(AgentId from, const Recipients& to, const RecordPtr& body) {
  const std::uint64_t message = ++at(from).sent;
  std::vector<AgentId> receivers;
  to.each(from, [&](AgentId receiver, std::uint32_t) {
    if (index(receiver) >= roster_.size())
      throw LabError(fmt::format("{} sends to agent {}, who does not exist", roster_.name(from), index(receiver)));
    receivers.push_back(receiver);
    in_flight_.emplace(Flight{from, message, receiver}, body);
  });
  note(fmt::format("  -> {}  {}", agent_names(receivers, roster_), body->text()));
}

void World::set_timer(AgentId id, TimerKey key, Duration after) {
  const bool again = at(id).timers.insert_or_assign(key, now_ + after).second == false;
  note(fmt::format("  sets timer {}{} for {}", key_text(key), again ? " again," : "", text(after)));
}

void World::emit(AgentId id, const RecordPtr& record) {
  events_.push_back({.time = now_,
                     .agent = id,
                     .number = at(id).events++,
                     .kind = EventKind::emitted,
                     .type = record->type,
                     .record = record});
  quiet_ ? write(describe(events_.back())) : write("  emits " + record->text());
}

// The page.

void World::write(std::string_view line) {
  page_.append(line) += '\n';
}

void World::note(const std::string& line) {
  if (!quiet_) write(line);
}

std::string World::describe(Flight flight) const {
  return fmt::format("{} -> {}  {}", roster_.name(flight.from), roster_.name(flight.to), in_flight_.at(flight)->text());
}

std::string World::describe(const Event& event) const {
  return fmt::format("{} emits {}", roster_.name(event.agent), event.record->text());
}

std::string World::stack_text(AgentId id) const {
  std::string text;
  for (const auto& part : {at(id).behaviours, at(id).stack})
    for (const Component& component : part) text += (text.empty() ? "" : " + ") + component.name;
  return text;
}

}  // namespace conclave::lab
