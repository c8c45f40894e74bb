// conclave schema: for editors, which then complete and check scenarios while they are written.

#include "scenario/schema.hpp"

#include <fmt/core.h>

#include "cli/commands.hpp"

namespace conclave {

void add_schema(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("schema", "print the JSON Schema of scenarios, for editors");
  command->callback([&exit_code] {
    fmt::print("{}\n", scenario_schema());
    exit_code = kExitOk;
  });
}

}  // namespace conclave
