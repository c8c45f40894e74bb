// conclave validate FILE…: everything that is wrong with scenarios, without running them.

#include <fmt/core.h>

#include <memory>

#include "cli/commands.hpp"
#include "cli/style.hpp"
#include "scenario/load.hpp"

namespace conclave {

namespace {

int validate(const std::vector<std::string>& files) {
  const Style style(colour_allowed(stdout));
  int exit_code = kExitOk;
  for (const std::string& file : files) {
    const Loaded loaded = load_scenario(file);
    if (loaded.scenario) {
      fmt::print("{}: {}\n", file, style.green("ok"));
    } else {
      fmt::print(stderr, "{}", loaded.errors);
      exit_code = kExitUsage;
    }
  }
  return exit_code;
}

}  // namespace

void add_validate(CLI::App& app, int& exit_code) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand("validate", "look for errors in scenarios without running them");
  command->add_option("FILE", *files, "scenarios in YAML")->required();
  command->callback([files, &exit_code] { exit_code = validate(*files); });
}

}  // namespace conclave
