// conclave sweep: many runs of one scenario over a design of its parameters.

#include "cli/sweep.hpp"

#include "cli/commands.hpp"

namespace conclave {

void add_sweep(CLI::App& app, int& exit_code) {
  CLI::App* sweep = app.add_subcommand("sweep", "many runs of a scenario over a design of its parameters");
  sweep->require_subcommand(1);
  add_sweep_plan(*sweep, exit_code);
  add_sweep_run(*sweep, exit_code);
  add_sweep_status(*sweep, exit_code);
  add_sweep_export(*sweep, exit_code);
  add_sweep_merge(*sweep, exit_code);
}

}  // namespace conclave
