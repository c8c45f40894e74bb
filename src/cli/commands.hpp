// The commands of `conclave`: each adds itself to the command line and, when called, leaves its exit code.
#pragma once

#include <CLI/CLI.hpp>

namespace conclave {

// Scripts rely on these.
inline constexpr int kExitOk = 0;
inline constexpr int kExitCheckFailed = 1;
inline constexpr int kExitUsage = 2;     ///< bad command line or bad scenario: nothing was run
inline constexpr int kExitInternal = 3;  ///< a fault of Conclave's own

void add_run(CLI::App& app, int& exit_code);
void add_validate(CLI::App& app, int& exit_code);
void add_test(CLI::App& app, int& exit_code);
void add_swarm(CLI::App& app, int& exit_code);
void add_sweep(CLI::App& app, int& exit_code);
void add_diff(CLI::App& app, int& exit_code);
void add_trace(CLI::App& app, int& exit_code);
void add_list(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_schema(CLI::App& app, int& exit_code);

}  // namespace conclave
