// `agents`: groups, the stacks that their agents run, and the options of each element of a stack.

#include <fmt/core.h>

#include <algorithm>

#include "scenario/draft.hpp"

namespace conclave {

namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_component(std::string_view name) {
  return std::any_of(all_components().begin(), all_components().end(),
                     [&](const ComponentInfo& component) { return component.name == name; });
}

/// Reads the declared keys and judges the others: each must be the name of something in the stack.
GroupSection read_keys(const Value& entry, Diagnostics& diagnostics) {
  const std::vector<std::string> declared = GroupSection::params().names();
  Value keys = Value::map(entry.at);
  for (const Value::Entry& key : entry.entries)
    if (contains(declared, key.key)) keys.entries.push_back(key);
  GroupSection group;
  GroupSection::params().read(keys, &group, diagnostics);

  std::vector<std::string> known = declared;
  known.insert(known.end(), group.stack.begin(), group.stack.end());
  for (const Value::Entry& key : entry.entries) {
    if (contains(known, key.key)) continue;
    if (is_component(key.key)) {
      if (group.stack.empty()) continue;  // that is the error
      diagnostics.error(key.at, fmt::format("`{}` is not in the stack of this group", key.key),
                        "options are given only for what the stack names");
    } else {
      diagnostics.error(key.at, fmt::format("unknown key `{}`", key.key), suggestion(key.key, known));
    }
  }
  return group;
}

/// Why `name` cannot stand at its place in a stack.
void report_misfit(const std::string& name, Location at, bool last, Diagnostics& diagnostics) {
  if (BehaviourCatalog::has(name))
    return diagnostics.error(at, fmt::format("`{}` is a behaviour", name), "behaviours are named in `faults`");
  if (last && LayerCatalog::has(name))
    return diagnostics.error(at, fmt::format("the stack ends with the layer `{}`", name),
                             "a stack is layers, outermost first, and then one protocol");
  if (!last && ProtocolCatalog::has(name))
    return diagnostics.error(at, fmt::format("the protocol `{}` is not the last of the stack", name),
                             "a stack is layers, outermost first, and then one protocol");
  const std::string kind(last ? ProtocolKind::kName : LayerKind::kName);
  diagnostics.error(at, fmt::format("unknown {} `{}`", kind, name),
                    suggestion(name, last ? ProtocolCatalog::names() : LayerCatalog::names()));
}

/// Configures the elements of the stack; each is later shown its place as the group's first agent sees it.
void read_stack(const Value& entry, GroupSection& group, Draft& draft) {
  const Value* written = entry.find("stack");
  if (!written || !written->is_list()) return;
  if (written->items.empty()) return draft.diagnostics.error(written->at, "the stack is empty", "expected a protocol");
  const auto check = [&draft, position = draft.scenario.roster.groups().size()](const auto& judge) {
    const Roster& roster = draft.scenario.roster;
    const Group& own = roster.groups()[position];
    judge(Deployment{roster, own, own.agents.first}, draft.diagnostics);
  };
  std::vector<std::string> seen;
  for (const Value& element : written->items) {
    if (!element.is_scalar()) continue;  // already reported
    const std::string& name = element.text;
    const bool last = &element == &written->items.back();
    if (contains(seen, name)) {
      draft.diagnostics.error(element.at, fmt::format("`{}` is in the stack twice", name));
    } else if (last && ProtocolCatalog::has(name)) {
      group.protocol = configure<ProtocolCatalog>(draft, name, entry.find(name), element.at, check);
    } else if (!last && LayerCatalog::has(name)) {
      group.layers.push_back(configure<LayerCatalog>(draft, name, entry.find(name), element.at, check));
    } else {
      report_misfit(name, element.at, last, draft.diagnostics);
    }
    seen.push_back(name);
  }
}

/// Adds the group to the roster if it can take part; reports why not.
bool enrol(const Value& entry, const GroupSection& group, Draft& draft) {
  Roster& roster = draft.scenario.roster;
  const bool counted = group.count > 0 && group.count <= kAgentsMax;  // reported if not
  const Value* name = entry.find("group");
  if (!name || !name->is_scalar() || !check_name(group.name, "group", name->at, draft.diagnostics)) return false;
  if (roster.find(group.name)) {
    draft.diagnostics.error(name->at, fmt::format("there are two groups `{}`", group.name));
    return false;
  }
  const bool fits = counted && group.count <= kAgentsMax - roster.size();
  if (counted && !fits)
    draft.diagnostics.error(place_of(entry, "count"),
                            fmt::format("{} agents with those of the groups before are too many",
                                        std::uint64_t{roster.size()} + group.count),
                            fmt::format("expected at most {} in all", kAgentsMax));
  // A group of a wrong size takes part with nobody, so that faults may name it without further errors.
  roster.add(group.name, fits ? group.count : 0, group.protocol.name);
  return fits;
}

Value resolved(const GroupSection& group) {
  Value map = GroupSection::params().write(&group);
  for (const LayerCatalog::Chosen& layer : group.layers) set_options(map, layer);
  set_options(map, group.protocol);
  return map;
}

bool read_group(const Value& entry, Draft& draft, Value& all_resolved) {
  if (!entry.is_map()) {
    params_detail::wrong_type(entry, "a group, such as `{ group: replica, count: 4, stack: [pbft] }`",
                              draft.diagnostics);
    return false;
  }
  GroupSection group = read_keys(entry, draft.diagnostics);
  read_stack(entry, group, draft);
  for (const std::string& host : group.hosts)
    if (host.empty()) draft.diagnostics.error(place_of(entry, "hosts"), "the name of a host is empty");
  if (!enrol(entry, group, draft)) return false;
  all_resolved.items.push_back(resolved(group));
  draft.scenario.groups.push_back(std::move(group));
  return true;
}

}  // namespace

void read_agents(Draft& draft) {
  const Value* written = draft.document.find("agents");
  if (!written || !written->is_list()) return;
  if (written->items.empty()) return draft.diagnostics.error(written->at, "there are no agents");
  Value all_resolved = Value::list();
  bool complete = true;
  for (const Value& entry : written->items) complete = read_group(entry, draft, all_resolved) && complete;
  draft.roster_complete = complete;
  draft.section.agents.written = std::move(all_resolved);
}

}  // namespace conclave
