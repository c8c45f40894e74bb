#include "lab/rehearsal.hpp"

#include "core/raw_bytes.hpp"
#include "core/stack.hpp"
#include "lab/world.hpp"

namespace conclave::lab {

namespace {

constexpr std::size_t kAgentsMax = 2000;

}  // namespace

struct Rehearsal::Agent {
  Agent(const KeyRing& keys, std::uint64_t seed, AgentId id)
      : random(Stream(seed, "agent").child(index(id))), crypto(keys, id, CryptoCost{}) {}

  std::vector<Component> stack;                                                               ///< outermost first
  std::vector<std::unique_ptr<Protocol>> selves = std::vector<std::unique_ptr<Protocol>>(1);  ///< two for twins
  Duration twin_period{};
  Random random;
  Crypto crypto;
  std::map<std::pair<std::size_t, TimerKey>, std::pair<Time, std::uint64_t>> timers;  ///< keys of pending_
  std::uint64_t epoch = 0;
  std::uint64_t requests = 0;
  std::uint64_t events = 0;
};

Rehearsal::Rehearsal(std::uint64_t seed)
    : keys_(std::make_unique<KeyRing>(SignatureScheme::modelled, seed, kAgentsMax)),
      random_(Stream(seed, "network")),
      seed_(seed),
      network_([](const Letter&, Random&) { return std::vector{kHop}; }) {}

Rehearsal::~Rehearsal() = default;

AgentRange Rehearsal::add(const std::string& group, std::uint32_t count, std::string_view stack) {
  std::vector<Component> components;
  for (const std::string& part : split(stack, ',')) components.push_back(parse_component(part));
  const AgentRange added = roster_.add(group, count, components.back().name);
  for (const AgentId id : added) {
    agents_.push_back(std::make_unique<Agent>(*keys_, seed_, id));
    agents_.back()->stack = components;
    if (components.size() > 1) roster_.mark_faulty(id);
  }
  return added;
}

void Rehearsal::misbehave(AgentId id, std::string_view behaviours) {
  std::vector<Component> around;
  for (const std::string& part : split(behaviours, ',')) around.push_back(parse_component(part));
  std::vector<Component>& stack = agents_.at(index(id))->stack;
  stack.insert(stack.begin(), around.begin(), around.end());
  roster_.mark_faulty(id);
}

void Rehearsal::make_twins(AgentId id, Duration period) {
  Agent& agent = *agents_.at(index(id));
  agent.selves.resize(2);
  agent.twin_period = period;
  roster_.mark_faulty(id);
}

void Rehearsal::start() {
  for (std::uint32_t i = 0; i < agents_.size(); i++) {
    Agent& agent = *agents_[i];
    const Deployment deployment{roster_, roster_.group_of(conclave::agent(i)), conclave::agent(i), seed_};
    StackPlan plan{.protocol = choose<ProtocolCatalog>(agent.stack.back(), deployment).make, .layers = {}};
    for (auto layer = std::next(agent.stack.rbegin()); layer != agent.stack.rend(); ++layer)
      plan.layers.push_back(choose<BehaviourCatalog>(*layer, deployment).make);
    const auto shared = std::make_shared<const StackPlan>(std::move(plan));
    for (auto& self : agent.selves) self = make_stack(shared, deployment);
  }
  for (std::uint32_t i = 0; i < agents_.size(); i++)
    for (std::size_t self = 0; self < agents_[i]->selves.size(); self++) give(agent(i), self, Start{});
}

void Rehearsal::request(AgentId id) {
  give(id, 0, Request{.number = ++agents_.at(index(id))->requests, .payload_bytes = 0});
}

void Rehearsal::restart(AgentId id) {
  Agent& agent = *agents_.at(index(id));
  agent.epoch++;
  for (const auto& [key, place] : agent.timers) pending_.erase(place);
  agent.timers.clear();
  for (std::size_t self = 0; self < agent.selves.size(); self++) give(id, self, Restarted{});
}

void Rehearsal::run_until(Time end) {
  while (!pending_.empty() && pending_.begin()->first.first <= end) {
    const auto [place, occurrence] = std::pair(pending_.begin()->first, std::move(pending_.begin()->second));
    pending_.erase(pending_.begin());
    now_ = place.first;
    Agent& agent = *agents_[index(occurrence.agent)];
    if (!occurrence.body) {
      agent.timers.erase({occurrence.self, occurrence.timer});
      give(occurrence.agent, occurrence.self, TimerFired{occurrence.timer});
    } else if (occurrence.epoch == agent.epoch) {
      const RecordPtr body = read_message(occurrence.body);
      if (!body) continue;  // bytes that are no message
      if (look_) look_({occurrence.from, occurrence.agent, *body, occurrence.sent});
      for (std::size_t self = 0; self < agent.selves.size(); self++)
        if (talks(occurrence.agent, self, occurrence.from))
          give(occurrence.agent, self, Message{occurrence.from, body});
    }
  }
  now_ = end;
}

Verdict Rehearsal::verdict(std::string_view checker, Time heal_at) const {
  const RunFacts facts{
      .roster = roster_, .seed = seed_, .heal_at = heal_at, .stop_at = now_, .signatures = SignatureScheme::modelled};
  const auto judge = choose<CheckerCatalog>(parse_component(checker), facts).make(facts);
  for (const Event& event : events_) judge->observe(event);
  return judge->conclude({.at = now_, .interrupted = false});
}

bool Rehearsal::talks(AgentId twin, std::size_t self, AgentId peer) const {
  const Agent& agent = *agents_[index(twin)];
  if (agent.selves.size() == 1) return true;
  const auto period = static_cast<std::uint64_t>((now_ - kStartOfRun) / agent.twin_period);
  const std::uint64_t side = Stream(seed_, "twins").child(index(twin)).child(index(peer)).at(period) % 5;
  return side == 0 || side % 2 == self;  // with both, now and then
}

void Rehearsal::give(AgentId id, std::size_t self, const Input& input) {
  Agent& agent = *agents_[index(id)];
  const View view{id, now_, roster_.group_of(id).agents, roster_, agent.random, agent.crypto};
  Outbox out;
  agent.selves[self]->step(view, input, out);
  for (const Effect& effect : out.effects()) perform(id, self, effect);
}

void Rehearsal::perform(AgentId id, std::size_t self, const Effect& effect) {
  Agent& agent = *agents_[index(id)];
  const auto cancel = [&](TimerKey key) {
    const auto timer = agent.timers.find({self, key});
    if (timer == agent.timers.end()) return;
    pending_.erase(timer->second);
    agent.timers.erase(timer);
  };
  std::visit(Overload{
                 [&](const Send& send) {
                   send.to.each(id, [&](AgentId to, auto) {
                     if (talks(id, self, to)) post(id, to, send.body);
                   });
                 },
                 [&](const SetTimer& set) {
                   cancel(set.key);
                   const std::pair place(now_ + set.after, asked_++);
                   pending_.emplace(place, Occurrence{.agent = id, .self = self, .timer = set.key});
                   agent.timers.emplace(std::pair(self, set.key), place);
                 },
                 [&](const CancelTimer& cancelled) { cancel(cancelled.key); },
                 [&](const Emit& emit) {
                   events_.push_back(Event{.time = now_,
                                           .agent = id,
                                           .number = agent.events++,
                                           .kind = EventKind::emitted,
                                           .type = emit.event->type,
                                           .record = emit.event});
                 },
                 [&](const auto&) { throw LabError("a rehearsal has no hosts to compute on or to transfer between"); },
             },
             effect);
}

void Rehearsal::post(AgentId from, AgentId to, const RecordPtr& body) {
  sent_[body->type->name]++;
  for (const Duration delay : network_({from, to, *body, now_}, random_)) {
    pending_.emplace(
        std::pair(now_ + delay, asked_++),
        Occurrence{.agent = to, .epoch = agents_.at(index(to))->epoch, .from = from, .body = body, .sent = now_});
  }
}

}  // namespace conclave::lab
