// `faults`: which agents misbehave, and how.

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "scenario/draft.hpp"
#include "scenario/link_faults.hpp"
#include "scenario/selection.hpp"

namespace conclave {

namespace {

/// What an earlier entry has said of which agents.
struct Claim {
  std::string behaviour;
  TimeWindow window;
  bool silences;
  std::vector<AgentRange> agents;
  Location at;
};
using Claims = std::vector<Claim>;

/// Splits an entry into the declared keys and the options of its behaviour.
void split(const Value& entry, Value& keys, Value& options) {
  keys = options = Value::map(entry.at);
  for (const Value::Entry& key : entry.entries)
    (key.key == "behaviour" || key.key == "agents" ? keys : options).entries.push_back(key);
}

/// The first agent in both, if there is one. Ranges are ascending.
std::optional<AgentId> in_both(const std::vector<AgentRange>& some, const std::vector<AgentRange>& others) {
  for (const AgentRange a : some) {
    for (const AgentRange b : others) {
      const std::uint32_t first = std::max(index(a.first), index(b.first));
      if (a.contains(agent(first)) && b.contains(agent(first))) return agent(first);
    }
  }
  return std::nullopt;
}

std::string span(const TimeWindow& window) {
  const std::string from = text(window.from.time_since_epoch());
  return window.until == kNever ? "from " + from
                                : fmt::format("from {} until {}", from, text(window.until - kStartOfRun));
}

/// An agent can have several behaviours, but no two of a kind at one time, and none that could never act because
/// another one silences the agent all the while.
bool claim(Claim&& wanted, Claims& claims, Draft& draft) {
  for (const Claim& earlier : claims) {
    const std::optional<AgentId> both = in_both(wanted.agents, earlier.agents);
    if (!both) continue;
    const std::string name = draft.scenario.roster.name(*both);
    const std::string line = fmt::format("line {} says so", earlier.at.line);
    if (earlier.behaviour == wanted.behaviour) {
      if (!earlier.window.overlaps(wanted.window)) continue;
      draft.diagnostics.error(wanted.at,
                              fmt::format("{} is `{}` already {}", name, wanted.behaviour, span(earlier.window)), line);
      return false;
    }
    const bool idle = earlier.silences && earlier.window.covers(wanted.window);
    if (!idle && !(wanted.silences && wanted.window.covers(earlier.window))) continue;
    const Claim& silent = idle ? earlier : wanted;
    const Claim& vain = idle ? wanted : earlier;
    draft.diagnostics.error(wanted.at,
                            fmt::format("{} is `{}` {}: nothing of `{}`, {}, could be seen", name, silent.behaviour,
                                        span(silent.window), vain.behaviour, span(vain.window)),
                            fmt::format("line {} has the other one", earlier.at.line));
    return false;
  }
  claims.push_back(std::move(wanted));
  return true;
}

/// A window must begin before it is over, and before the run is.
bool check_window(const TimeWindow& window, const Value& entry, Draft& draft) {
  const Duration stop_at = draft.section.stop_at;
  const auto place = [&](std::string_view key, std::string_view other) {
    return place_of(entry, entry.find(key) ? key : other);
  };
  if (window.until <= window.from) {
    draft.diagnostics.error(place("until", "from"),
                            fmt::format("over at {}, before it begins at {}", text(window.until - kStartOfRun),
                                        text(window.from - kStartOfRun)));
    return false;
  }
  if (stop_at > Duration::zero() && window.from - kStartOfRun >= stop_at) {
    draft.diagnostics.error(place("from", "at"), fmt::format("begins at {}, when the run is over at {}",
                                                             text(window.from - kStartOfRun), text(stop_at)));
    return false;
  }
  return true;
}

/// Layers and behaviours of an agent share the numbers that keep their timers apart.
bool check_height(const std::vector<AgentRange>& chosen, const Claims& claims, Location at, Draft& draft) {
  std::size_t layers = 0;
  for (const GroupSection& group : draft.scenario.groups) layers = std::max(layers, group.layers.size());
  std::size_t behaviours = 0;
  for (const Claim& claim : claims) behaviours += in_both(claim.agents, chosen).has_value();
  if (layers + behaviours <= kLayersMax) return true;
  draft.diagnostics.error(at, "these agents have too many behaviours",
                          fmt::format("expected at most {} with the layers of the stack", kLayersMax));
  return false;
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
  const std::size_t errors_before = draft.diagnostics.count();
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
  if (draft.diagnostics.count() > errors_before || !check_window(fault.behaviour.window, entry, draft)) return;
  const Location at = place_of(entry, "agents");
  if (!claim({section.behaviour, fault.behaviour.window, fault.behaviour.silences, chosen, at}, claims, draft)) return;
  if (!check_height(chosen, claims, at, draft)) return;
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
