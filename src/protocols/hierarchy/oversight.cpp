#include "protocols/hierarchy/oversight.hpp"

namespace conclave {

namespace {

/// A new interval counts as one of so many.
constexpr std::int64_t kMemory = 8;
/// ln 10 in millionths.
constexpr std::int64_t kLn10 = 2'302'585;

}  // namespace

void Oversight::watch(const View& view, AgentId agent, Outbox& out) {
  if (!on() || agent == view.self || !watches_.try_emplace(agent, Watch{view.now, rules_.beat}).second) return;
  out.set_timer(key(agent), patience(agent));
}

void Oversight::unwatch(AgentId agent, Outbox& out) {
  if (watches_.erase(agent) > 0) out.cancel_timer(key(agent));
}

std::vector<AgentId> Oversight::watched() const {
  std::vector<AgentId> agents;
  for (const auto& [agent, watch] : watches_) agents.push_back(agent);
  return agents;
}

bool Oversight::heard(const View& view, AgentId agent, Outbox& out) {
  const auto known = watches_.find(agent);
  if (known == watches_.end()) return false;
  Watch& watch = known->second;
  watch.mean += (view.now - watch.last - watch.mean) / kMemory;
  watch.last = view.now;
  out.set_timer(key(agent), patience(agent));
  return std::exchange(watch.suspected, false);
}

void Oversight::suspect(AgentId agent) {
  if (const auto known = watches_.find(agent); known != watches_.end()) known->second.suspected = true;
}

bool Oversight::suspects(AgentId agent) const {
  const auto known = watches_.find(agent);
  return known != watches_.end() && known->second.suspected;
}

Duration Oversight::patience(AgentId agent) const {
  if (rules_.kind == DetectorKind::timeout) return rules_.timeout;
  const Watch& watch = watches_.at(agent);
  const Duration mean = std::max(watch.mean, rules_.beat);
  return mean * static_cast<std::int64_t>(rules_.phi) / 1'000'000 * kLn10;
}

}  // namespace conclave
