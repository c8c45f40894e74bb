// `faults`: which agents misbehave, and how.

#include <fmt/core.h>

#include <map>

#include "scenario/draft.hpp"
#include "scenario/link_faults.hpp"
#include "scenario/selection.hpp"

namespace conclave {

namespace {

/// Who already behaves so, and the line that says it.
using Claims = std::map<std::string, std::vector<std::uint32_t>>;

/// Splits an entry into the declared keys and the options of its behaviour.
void split(const Value& entry, Value& keys, Value& options) {
  keys = options = Value::map(entry.at);
  for (const Value::Entry& key : entry.entries)
    (key.key == "behaviour" || key.key == "agents" ? keys : options).entries.push_back(key);
}

/// An agent can have several behaviours, but each only once: two of a kind would contradict each other.
bool claim(const std::string& behaviour, const std::vector<AgentRange>& chosen, Location at, Claims& claims,
           Draft& draft) {
  const Roster& roster = draft.scenario.roster;
  std::vector<std::uint32_t>& line_of = claims[behaviour];
  line_of.resize(roster.size());
  for (const AgentRange range : chosen) {
    for (const AgentId id : range) {
      if (std::uint32_t& line = line_of[index(id)]; line == 0) {
        line = std::max(at.line, 1u);
        continue;
      }
      draft.diagnostics.error(at, fmt::format("{} is `{}` already", roster.name(id), behaviour),
                              fmt::format("line {} says so", line_of[index(id)]));
      return false;
    }
  }
  return true;
}

/// What a behaviour must know is asked once for each group that it appears in.
std::vector<AgentId> first_of_each_group(const std::vector<AgentRange>& chosen, const Roster& roster) {
  std::vector<AgentId> firsts;
  for (const Group& group : roster.groups()) {
    for (const AgentRange range : chosen) {
      const std::uint32_t first = std::max(index(range.first), index(group.agents.first));
      const std::uint32_t end =
          std::min(index(range.first) + range.count, index(group.agents.first) + group.agents.count);
      if (first >= end) continue;
      firsts.push_back(agent(first));
      break;
    }
  }
  return firsts;
}

void read_fault(const Value& entry, Claims& claims, Draft& draft, Value& all_resolved) {
  if (!entry.is_map())
    return params_detail::wrong_type(
        entry, "a fault, such as `{ behaviour: silent, agents: replica }` or `{ link: loss, probability: 1% }`",
        draft.diagnostics);
  if (entry.find("link")) {
    if (std::optional<Value> resolved = read_link_fault(entry, draft))
      all_resolved.items.push_back(std::move(*resolved));
    return;
  }
  Value keys, options;
  split(entry, keys, options);
  FaultSection section;
  FaultSection::params().read(keys, &section, draft.diagnostics);
  const std::vector<AgentRange> chosen =
      select_agents(section.agents.written, draft.scenario.roster, draft.diagnostics);
  const Value* named = keys.find("behaviour");
  if (!named || !named->is_scalar()) return;
  if (!BehaviourCatalog::has(section.behaviour))
    return draft.diagnostics.error(
        named->at, fmt::format("unknown behaviour `{}`", section.behaviour),
        LinkCatalog::has(section.behaviour)
            ? fmt::format("`{}` is about links: write `link: {}`", section.behaviour, section.behaviour)
            : suggestion(section.behaviour, BehaviourCatalog::names()));

  const auto check = [&draft, firsts = first_of_each_group(chosen, draft.scenario.roster)](const auto& judge) {
    const Roster& roster = draft.scenario.roster;
    for (const AgentId id : firsts) judge(Deployment{roster, roster.group_of(id), id}, draft.diagnostics);
  };
  BehaviourFault fault;
  fault.behaviour = configure<BehaviourCatalog>(draft, section.behaviour, &options, entry.at, check);
  if (!claim(section.behaviour, chosen, place_of(entry, "agents"), claims, draft)) return;
  for (const AgentRange range : chosen)
    for (const AgentId id : range) {
      fault.agents.push_back(id);
      draft.scenario.roster.mark_faulty(id);
    }
  fault.written = params_detail::inline_text(section.agents.written);

  Value resolved = FaultSection::params().write(&section);
  for (const Value::Entry& option : fault.behaviour.options.entries) resolved.set(option.key, option.value);
  all_resolved.items.push_back(std::move(resolved));
  draft.scenario.faults.push_back(std::move(fault));
}

}  // namespace

void read_faults(Draft& draft) {
  Claims claims;
  Value all_resolved = Value::list();
  for (const Value& entry : draft.section.faults.written.items) read_fault(entry, claims, draft, all_resolved);
  draft.section.faults.written = std::move(all_resolved);
}

}  // namespace conclave
