// `checks`: names of checkers, or one-key maps from a name to its options.

#include <fmt/core.h>

#include "scenario/draft.hpp"

namespace conclave {

namespace {

void read_check(const Value& entry, Draft& draft, Value& all_resolved) {
  const bool with_options = entry.is_map() && entry.entries.size() == 1;
  if (!entry.is_scalar() && !with_options)
    return params_detail::wrong_type(entry, "a checker such as `agreement` or `progress: { within: 5s }`",
                                     draft.diagnostics);
  const std::string& name = with_options ? entry.entries[0].key : entry.text;
  const Location named = with_options ? entry.entries[0].at : entry.at;
  if (!CheckerCatalog::has(name))
    return draft.diagnostics.error(named, fmt::format("unknown checker `{}`", name),
                                   suggestion(name, CheckerCatalog::names()));
  const auto check = [&draft](const auto& judge) {
    const ScenarioSection& section = draft.section;
    if (section.stop_at == Duration::zero()) return;  // reported: nothing can be said about times
    judge(RunFacts{draft.scenario.roster, section.seed, Time(section.heal_at), Time(section.stop_at)},
          draft.diagnostics);
  };
  CheckerCatalog::Chosen chosen =
      configure<CheckerCatalog>(draft, name, with_options ? &entry.entries[0].value : nullptr, named, check);
  Value resolved = Value::map();
  set_options(resolved, chosen);
  all_resolved.items.push_back(resolved.entries.empty() ? Value::scalar(name) : std::move(resolved));
  draft.scenario.checks.push_back(std::move(chosen));
}

}  // namespace

void read_checks(Draft& draft) {
  Value all_resolved = Value::list();
  for (const Value& entry : draft.section.checks.written.items) read_check(entry, draft, all_resolved);
  draft.section.checks.written = std::move(all_resolved);
}

}  // namespace conclave
