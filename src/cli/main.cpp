// The command line: parses it, hands over to a command, and answers what it cannot understand.

#include <fmt/core.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "cli/commands.hpp"
#include "core/diagnostics.hpp"

namespace conclave {

namespace {

constexpr const char* kExamples = R"(Examples:
  conclave run scenarios/consensus/pbft_4.yaml        run a scenario
  conclave run FILE --seed 8 --set stop_at=10s        the same with a change or two
  conclave validate scenarios/consensus/*.yaml        look for errors only
  conclave list protocol                              what a scenario can name
  conclave explain pbft                               its options

Exit codes: 0 all checks hold, 1 a check failed, 2 bad usage or scenario, 3 internal error,
130 interrupted)";

/// The command that the arguments have led to: the app itself, `run`, `trace export`…
const CLI::App& reached(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

/// `conclave trace export`
std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent ? full_name(*parent) + " " + command.get_name() : command.get_name();
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* child : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(child->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

void complain(const std::string& problem, const std::string& hint) {
  fmt::print(stderr, "conclave: error: {}\n", problem);
  if (!hint.empty()) fmt::print(stderr, "      = {}\n", hint);
}

/// Says what was wrong with the arguments, in terms of what was meant: the parser itself suggests nothing.
void report_bad_usage(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = reached(app);
  const std::vector<std::string> unknown = app.remaining(true);
  const std::string help = fmt::format("see `{} --help`", full_name(command));
  if (unknown.empty() && !command_names(command).empty()) {
    fmt::print(stderr, "{}", command.help());
  } else if (unknown.empty()) {
    complain(error.what(), help);
  } else if (unknown[0].starts_with('-')) {
    const std::string hint = nearest(unknown[0].substr(0, unknown[0].find('=')), option_names(command));
    complain(fmt::format("unknown option `{}`", unknown[0]),
             hint.empty() ? help : fmt::format("did you mean `{}`?", hint));
  } else if (!command_names(command).empty()) {
    complain(fmt::format("unknown command `{}`", unknown[0]), suggestion(unknown[0], command_names(command)));
  } else {
    complain(fmt::format("`{}` is one argument too many", unknown[0]), help);
  }
}

int run_command_line(int argc, char** argv) {
  CLI::App app("Conclave: a deterministic simulator of coordinating agents, some of them Byzantine", "conclave");
  app.set_version_flag("--version", "conclave " CONCLAVE_VERSION);
  app.require_subcommand(1);
  app.footer(kExamples);
  int exit_code = kExitOk;
  add_run(app, exit_code);
  add_validate(app, exit_code);
  add_test(app, exit_code);
  add_swarm(app, exit_code);
  add_sweep(app, exit_code);
  add_diff(app, exit_code);
  add_trace(app, exit_code);
  add_list(app, exit_code);
  add_explain(app, exit_code);
  add_schema(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // for help or the version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    report_bad_usage(app, error);
    return kExitUsage;
  }
  return exit_code;
}

}  // namespace

}  // namespace conclave

int main(int argc, char** argv) {
  // A file that reaches the size limit then fails at write(), which is reported, instead of killing the process.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const int exit_code = conclave::run_command_line(argc, argv);
    if (std::fflush(stdout) == 0) return exit_code;
    fmt::print(stderr, "conclave: error: cannot write to the standard output\n");
    return conclave::kExitUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "conclave: internal error: {}\n", error.what());
  } catch (...) {
    fmt::print(stderr, "conclave: internal error\n");
  }
  return conclave::kExitInternal;
}
