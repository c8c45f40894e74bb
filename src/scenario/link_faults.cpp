// Entries of `faults` with the key `link`: which messages, and what happens to them.

#include "scenario/link_faults.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "scenario/selection.hpp"

namespace conclave {

namespace {

bool is_declared(std::string_view key) {
  const std::vector<std::string> declared = LinkFaultSection::params().names();
  return std::find(declared.begin(), declared.end(), key) != declared.end();
}

void split(const Value& entry, Value& keys, Value& options) {
  keys = options = Value::map(entry.at);
  for (const Value::Entry& key : entry.entries) (is_declared(key.key) ? keys : options).entries.push_back(key);
}

/// Names of agents are judged here; those of hosts by the engine, which knows the platform.
LinkSide read_end(const Value& written, Draft& draft) {
  constexpr std::string_view kHost = "host:";
  LinkSide side;
  Value agents = Value::list();
  agents.at = written.at;
  const auto sort_out = [&](const Value& term) {
    if (!term.text.starts_with(kHost)) return void(agents.items.push_back(term));
    if (term.text.size() == kHost.size()) draft.diagnostics.error(term.at, "the name of the host is empty");
    side.hosts.push_back(term.text.substr(kHost.size()));
  };
  if (written.is_scalar()) sort_out(written);
  for (const Value& item : written.items) sort_out(item);
  if (!agents.items.empty() || side.hosts.empty())
    side.agents = select_agents(agents, draft.scenario.roster, draft.diagnostics);
  return side;
}

std::vector<LinkDirection> read_between(const LinkFaultSection& section, const Value& entry, Draft& draft) {
  const Location at = place_of(entry, "between");
  std::vector<LinkSide> sides;
  for (const LinkEnd& end : *section.between) sides.push_back(read_end(end.written, draft));
  if (sides.size() < 2 || sides.size() > kLinkDirectionsMax) {
    draft.diagnostics.error(at, fmt::format("`between` names {} sides", sides.size()),
                            fmt::format("expected 2 to {}, such as `[replica[0..1], replica[2..3]]`; "
                                        "`[replica, replica]` is all links among replicas",
                                        kLinkDirectionsMax));
    return {};
  }
  std::vector<LinkDirection> directions;
  for (std::size_t i = 0; i < sides.size(); i++) {
    LinkDirection direction{sides[i], sides};
    direction.receivers.erase(direction.receivers.begin() + static_cast<std::ptrdiff_t>(i));
    directions.push_back(std::move(direction));
  }
  return directions;
}

std::vector<LinkDirection> read_directions(const LinkFaultSection& section, const Value& entry, Draft& draft) {
  const bool one_way = section.senders || section.receivers;
  const int ways = section.agents.has_value() + section.between.has_value() + one_way;
  if (ways > 1) {
    draft.diagnostics.error(entry.at, "this fault says in several ways which links it is about",
                            "expected `agents`, or `between`, or `senders` and `receivers`");
    return {};
  }
  if (section.between) return read_between(section, entry, draft);
  if (section.agents) {
    const LinkSide side = read_end(section.agents->written, draft);
    return {{side, {LinkSide{}}}, {LinkSide{}, {side}}};
  }
  if (!one_way) return {};
  LinkDirection direction{{}, {LinkSide{}}};
  if (section.senders) direction.senders = read_end(section.senders->written, draft);
  if (section.receivers) direction.receivers = {read_end(section.receivers->written, draft)};
  return {std::move(direction)};
}

std::vector<const RecordType*> read_kinds(const LinkFaultSection& section, const Value& entry, Draft& draft) {
  std::vector<const RecordType*> kinds;
  const Value* written = entry.find("kinds");
  for (std::size_t i = 0; i < section.kinds.size(); i++) {
    const RecordType* kind = find_record_type(section.kinds[i]);
    if (!kind)
      draft.diagnostics.error(written->items[i].at, fmt::format("unknown kind of message `{}`", section.kinds[i]),
                              suggestion(section.kinds[i], record_type_names()));
    kinds.push_back(kind);
  }
  return kinds;
}

/// A rule that loses messages ends when the network heals.
void read_window(const LinkFaultSection& section, const Value& entry, bool loses, Draft& draft, LinkFault& fault) {
  const Duration stop = draft.section.stop_at, heal = draft.section.heal_at;
  const bool heals = loses && heal > Duration::zero();
  const auto report = [&](std::string_view key, const std::string& what) {
    draft.diagnostics.error(place_of(entry, key), what);
  };
  if (section.until && *section.until <= section.from) {
    report("until", fmt::format("over at {}, before it begins at {}", text(*section.until), text(section.from)));
  } else if (heals && section.until && *section.until > heal) {
    report("until", fmt::format("loses messages until {}, but the network delivers from {} on (`heal_at`)",
                                text(*section.until), text(heal)));
  } else if (stop > Duration::zero() && section.from >= stop) {
    report("from", fmt::format("begins at {}, when the run is over at {}", text(section.from), text(stop)));
  } else if (heals && section.from >= heal) {
    report("from", fmt::format("begins at {}, when the network delivers from {} on (`heal_at`)", text(section.from),
                               text(heal)));
  }
  fault.from = Time(section.from);
  fault.until = section.until ? Time(*section.until) : heals ? Time(heal) : kNever;
}

/// A cut of bandwidth is of whole access links.
void check_bandwidth(const LinkFaultSection& section, const Value& entry, Draft& draft) {
  const auto refuse = [&](std::string_view key, bool given) {
    if (!given) return;
    draft.diagnostics.error(place_of(entry, key),
                            fmt::format("`{}` has no effect on the bandwidth of access links", key),
                            "say whose links with `agents`");
  };
  refuse("between", section.between.has_value());
  refuse("senders", section.senders.has_value());
  refuse("receivers", section.receivers.has_value());
  refuse("kinds", !section.kinds.empty());
  refuse("probability", section.probability != Probability::of(1));
}

bool overlap(const LinkSide& a, const LinkSide& b) {
  if (a.everyone() || b.everyone()) return true;
  for (const std::string& host : a.hosts)
    if (std::find(b.hosts.begin(), b.hosts.end(), host) != b.hosts.end()) return true;
  for (const AgentRange first : a.agents)
    for (const AgentRange second : b.agents)
      if (first.contains(second.first) || second.contains(first.first)) return true;
  return false;
}

bool overlap(const std::vector<LinkDirection>& a, const std::vector<LinkDirection>& b) {
  if (a.empty() || b.empty()) return true;
  for (const LinkDirection& first : a)
    for (const LinkDirection& second : b) {
      if (!overlap(first.senders, second.senders)) continue;
      for (const LinkSide& to : first.receivers)
        for (const LinkSide& other : second.receivers)
          if (overlap(to, other)) return true;
    }
  return false;
}

bool overlap(const std::vector<const RecordType*>& a, const std::vector<const RecordType*>& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(),
                     [&](const RecordType* kind) { return std::find(b.begin(), b.end(), kind) != b.end(); });
}

/// The same rule twice on the same messages: whatever is meant, the two cannot both be it.
void check_contradiction(const LinkFault& fault, Location at, Draft& draft) {
  for (const LinkFault& other : draft.scenario.link_faults) {
    if (other.rule.name != fault.rule.name || other.from >= fault.until || fault.from >= other.until) continue;
    if (!overlap(other.kinds, fault.kinds) || !overlap(other.directions, fault.directions)) continue;
    return draft.diagnostics.error(at, fmt::format("another `{}` is about some of these messages", fault.rule.name),
                                   other.line > 0 ? fmt::format("line {} says so", other.line) : "");
  }
}

}  // namespace

std::optional<Value> read_link_fault(const Value& entry, Draft& draft) {
  Value keys, options;
  split(entry, keys, options);
  LinkFaultSection section;
  const std::size_t errors_before = draft.diagnostics.count();
  LinkFaultSection::params().read(keys, &section, draft.diagnostics);
  const Value* named = keys.find("link");
  if (!named->is_scalar()) return std::nullopt;
  if (!LinkCatalog::has(section.link)) {
    draft.diagnostics.error(named->at, fmt::format("unknown link rule `{}`", section.link),
                            BehaviourCatalog::has(section.link)
                                ? fmt::format("`{}` is a behaviour: write `behaviour: {}`", section.link, section.link)
                                : suggestion(section.link, LinkCatalog::names()));
    return std::nullopt;
  }
  LinkFault fault;
  const auto check = [&draft](const auto& judge) {
    judge(LinkContext{draft.scenario.roster, Stream(0, "check")}, draft.diagnostics);
  };
  fault.rule = configure<LinkCatalog>(draft, section.link, &options, entry.at, check);
  fault.line = entry.at.line;
  fault.probability = section.probability;
  fault.directions = read_directions(section, entry, draft);
  fault.kinds = read_kinds(section, entry, draft);
  if (draft.diagnostics.count() > errors_before) return std::nullopt;
  const auto rule = fault.rule.make({draft.scenario.roster, Stream(0, "check")});
  if (rule->bandwidth()) check_bandwidth(section, entry, draft);
  read_window(section, entry, rule->loses(), draft, fault);
  if (draft.diagnostics.count() > errors_before) return std::nullopt;
  check_contradiction(fault, entry.at, draft);

  Value resolved = LinkFaultSection::params().write(&section);
  for (const Value::Entry& option : fault.rule.options.entries) resolved.set(option.key, option.value);
  draft.scenario.link_faults.push_back(std::move(fault));
  return resolved;
}

}  // namespace conclave
