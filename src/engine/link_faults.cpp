#include "engine/link_faults.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/diagnostics.hpp"
#include "engine/placement.hpp"
#include "engine/platform.hpp"

namespace conclave {

namespace {

void mark(const LinkSide& side, std::uint32_t bit, const std::vector<std::string>& hosts,
          const std::vector<std::uint32_t>& placed, std::vector<std::uint32_t>& masks) {
  if (side.everyone())
    for (std::uint32_t& mask : masks) mask |= bit;
  for (const AgentRange range : side.agents)
    for (const AgentId id : range) masks[index(id)] |= bit;
  for (const std::string& pattern : side.hosts) {
    bool known = false;
    for (const std::string& host : hosts) known = known || matches(pattern, host);
    if (!known)
      throw PlatformError(
          fmt::format("faults: no host of the platform is called `{}`; {}", pattern, suggestion(pattern, hosts)));
    for (std::size_t id = 0; id < placed.size(); id++)
      if (matches(pattern, hosts[placed[id]])) masks[id] |= bit;
  }
}

}  // namespace

LinkScope::LinkScope(const LinkFault& fault, std::uint32_t agents, const std::vector<std::string>& hosts,
                     const std::vector<std::uint32_t>& placed)
    : everyone_(fault.directions.empty()),
      kinds_(fault.kinds),
      from_(fault.from),
      until_(fault.until),
      share_(fault.probability) {
  if (everyone_) return;
  senders_.resize(agents);
  receivers_.resize(agents);
  std::uint32_t bit = 1;
  for (const LinkDirection& direction : fault.directions) {
    mark(direction.senders, bit, hosts, placed, senders_);
    for (const LinkSide& side : direction.receivers) mark(side, bit, hosts, placed, receivers_);
    bit <<= 1;
  }
}

bool LinkScope::covers(const RecordType& kind) const {
  return kinds_.empty() || std::find(kinds_.begin(), kinds_.end(), &kind) != kinds_.end();
}

LinkFaults::LinkFaults(const Scenario& scenario, const std::vector<std::string>& hosts,
                       const std::vector<std::uint32_t>& placed) {
  const Stream draws(scenario.seed, "link");
  for (std::size_t i = 0; i < scenario.link_faults.size(); i++) {
    const LinkFault& fault = scenario.link_faults[i];
    LinkScope scope(fault, scenario.roster.size(), hosts, placed);
    std::unique_ptr<const LinkRule> rule = fault.rule.make({scenario.roster, draws.child(i)});
    if (const auto limit = rule->bandwidth()) {
      cut_links(scope, *limit, scenario.roster.size());
      continue;
    }
    usual_delay_ += rule->usual_delay();
    surprising_ = surprising_ || rule->doubles() || rule->usual_delay() < rule->longest_delay();
    rules_.push_back({std::move(scope), std::move(rule), draws.child(i)});
  }
}

void LinkFaults::cut_links(const LinkScope& scope, Bandwidth limit, std::uint32_t agents) {
  cuts_.resize(agents);
  for (std::uint32_t i = 0; i < agents; i++) {
    if (!scope.names(AgentId{i})) continue;
    cuts_[i].push_back({scope.from(), scope.until(), SerialisationRate(static_cast<double>(limit.bits_per_second))});
  }
}

void LinkFaults::judge(const RecordType& kind, std::span<const Envelope> envelopes, std::span<Fate> fates) const {
  for (const Rule& rule : rules_)
    if (rule.scope.covers(kind)) befall(rule, envelopes, fates);
  for (Fate& fate : fates)
    if (fate.lost) fate.copies = 0;
}

Fate LinkFaults::judge(const RecordType& kind, const Envelope& envelope) const {
  Fate fate;
  judge(kind, {&envelope, 1}, {&fate, 1});
  return fate;
}

void LinkFaults::befall(const Rule& rule, std::span<const Envelope> envelopes, std::span<Fate> fates) const {
  std::array<Befallen, kBatch> befallen;
  std::size_t count = 0;
  AgentId last = kNobody;
  Stream to_last = rule.draws;
  const bool all = rule.scope.share() == Probability::of(1);
  for (std::uint32_t i = 0; i < envelopes.size(); i++) {
    const Envelope& envelope = envelopes[i];
    if (!rule.scope.covers(envelope)) continue;
    if (envelope.to != last) to_last = rule.draws.child(index(last = envelope.to));
    const Stream draws = to_last.child(envelope.identity);
    befallen[count] = {i, draws};
    count += all || rule.scope.share().hits(draws.at(0));
  }
  if (count > 0) rule.rule->judge({befallen.data(), count}, envelopes, fates);
}

}  // namespace conclave
