// A scenario in the making, and the parts of the loader that work on it. Each part reports what is wrong with its own
// section and leaves the others to theirs, so that all errors come out at once.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "core/catalog.hpp"
#include "core/diagnostics.hpp"
#include "core/value.hpp"
#include "scenario/scenario.hpp"
#include "scenario/sections.hpp"

namespace conclave {

struct Draft {
  const Value& document;
  std::filesystem::path folder;  ///< that relative paths start from
  Diagnostics& diagnostics;
  ScenarioSection section;  ///< the keys as read; agents, faults and checks become their resolved selves
  Scenario scenario;
  bool roster_complete = false;  ///< every group is well-formed: what depends on who takes part can be judged
  std::vector<std::function<void()>> checks_of_components;  ///< to be made once the roster is complete
};

void read_platform(Draft& draft);
void check_network(Draft& draft);
/// Fills the roster.
void read_agents(Draft& draft);
/// Requires the roster. Marks the faulty.
void read_faults(Draft& draft);
void check_times(Draft& draft);
/// Requires the faulty to be marked.
void read_checks(Draft& draft);

/// Where the document has `key`; nowhere if it has not.
Location place_of(const Value& map, std::string_view key);

/// Reports an empty name, or one that could be mistaken for something else where it is used.
bool check_name(std::string_view name, std::string_view what, Location at, Diagnostics& diagnostics);

/// Configures a component; if its options are well-formed, `check` is called with it once the roster is complete.
/// `options` may be null: then errors point at `named`, where the component is named.
template <class Catalog, class Check>
typename Catalog::Chosen configure(Draft& draft, const std::string& name, const Value* options, Location named,
                                   Check check) {
  const std::size_t errors_before = draft.diagnostics.count();
  auto chosen = Catalog::configure(name, options ? *options : Value::map(named), draft.diagnostics);
  if (draft.diagnostics.count() == errors_before)
    draft.checks_of_components.push_back([check, judge = chosen.check] { check(judge); });
  return chosen;
}

/// Writes the options of a component under its name, unless it has none.
template <class Chosen>
void set_options(Value& map, const Chosen& chosen) {
  if (!chosen.options.entries.empty()) map.set(chosen.name, chosen.options);
}

}  // namespace conclave
