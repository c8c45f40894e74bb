// conclave list [KIND]: the components that a scenario can name.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>

#include "cli/commands.hpp"
#include "cli/style.hpp"
#include "core/auction_rules.hpp"
#include "core/data_context.hpp"

namespace conclave {

namespace {

constexpr std::array kKinds = {ProtocolKind::kName, LayerKind::kName,     BehaviourKind::kName,
                               LinkKind::kName,     CheckerKind::kName,   OutcomeKind::kName,
                               ScoringKind::kName,  MechanismKind::kName, DataContextKind::kName};

void print_table(const std::vector<ComponentInfo>& rows) {
  const Style style(colour_allowed(stdout));
  std::size_t name_width = 4, family_width = 6;
  for (const ComponentInfo& row : rows) {
    name_width = std::max(name_width, row.name.size());
    family_width = std::max(family_width, row.family.size());
  }
  const auto line = [&](std::string_view kind, std::string_view name, std::string_view family) {
    return fmt::format("{:<9}  {:<{}}  {:<{}}  ", kind, name, name_width, family, family_width);
  };
  fmt::print("{}\n", style.dim(line("kind", "name", "family") + "summary"));
  for (const ComponentInfo& row : rows) fmt::print("{}{}\n", line(row.kind, row.name, row.family), row.summary);
}

int list(const std::string& wanted) {
  // `list protocols` is understood too.
  const std::string kind = wanted.ends_with('s') ? wanted.substr(0, wanted.size() - 1) : wanted;
  if (!kind.empty() && std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end()) {
    fmt::print(stderr, "conclave: error: unknown kind `{}`\n      = {}\n", wanted,
               suggestion(wanted, {kKinds.begin(), kKinds.end()}));
    return kExitUsage;
  }
  std::vector<ComponentInfo> rows;
  for (const std::string_view each : kKinds)
    for (const ComponentInfo& component : all_components())
      if (component.kind == each && (kind.empty() || kind == each)) rows.push_back(component);
  print_table(rows);
  return kExitOk;
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
  auto kind = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("list", "list what a scenario can name");
  command->add_option(
      "KIND", *kind,
      "protocol, layer, behaviour, link, checker, outcome, scoring, mechanism or context (default: all)");
  command->callback([kind, &exit_code] { exit_code = list(*kind); });
}

}  // namespace conclave
