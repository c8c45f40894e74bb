// conclave run FILE: one scenario, from file to verdict.

#include "engine/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <limits>
#include <optional>

#include "cli/commands.hpp"
#include "cli/judges.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/shell_word.hpp"
#include "cli/style.hpp"
#include "scenario/load.hpp"
#include "trace/ladder.hpp"
#include "trace/output.hpp"
#include "trace/run_folder.hpp"
#include "trace/trace_writer.hpp"

namespace conclave {

namespace {

constexpr int kInterrupted = 130;  // what a shell reports of a program that Ctrl-C ended

std::atomic<bool> interrupt_asked = false;

struct RunCommand {
  std::string file;
  std::optional<std::uint64_t> seed;
  std::string out;
  std::vector<std::string> set;
  bool json = false;
  bool no_trace = false;
  bool compress = false;
  bool swarm = false;
  unsigned threads = 1;
};

std::string repeat_command(const RunCommand& command, const Scenario& scenario) {
  std::string text = fmt::format("conclave run {} --seed {}", shell_word(command.file), scenario.seed);
  if (command.swarm) text += " --swarm";
  for (const std::string& change : command.set) text += " --set " + shell_word(change);
  return text;
}

std::filesystem::path results_folder(const RunCommand& command, const Scenario& scenario) {
  if (!command.out.empty()) return command.out;
  return std::filesystem::path("results") / fmt::format("{}-{}", scenario.name, scenario.seed);
}

/// A full disk behind the standard output is an error like any other.
void print_or_throw(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) throw OutputError("standard output", "cannot write the results", errno);
}

/// Runs a valid scenario on a valid platform. Throws PlatformError and OutputError.
int run_scenario(const RunCommand& command, const Scenario& scenario) {
  const auto wall_start = std::chrono::steady_clock::now();
  Run run(scenario);
  // From here on Ctrl-C ends the run, and what it has found is still published. Not earlier: SimGrid installs a handler
  // too.
  // The second Ctrl-C kills.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    std::signal(signal, [](int caught) {
      interrupt_asked = true;
      std::signal(caught, SIG_DFL);
    });
  }
  RunFolder folder(results_folder(command, scenario));
  const RunFacts facts{scenario.roster, scenario.seed, Time(scenario.heal_at), Time(scenario.stop_at),
                       scenario.crypto.signatures};
  const Judges judges(scenario, facts);
  RunOptions options;
  judges.subscribe_to(options);
  std::optional<Output> trace_file;
  std::optional<TraceWriter> trace;
  LadderBuilder ladder;
  if (!command.no_trace) {
    trace_file.emplace(folder.path() / (command.compress ? kCompressedTraceFile : kTraceFile),
                       command.compress ? Output::Compression::zstd : Output::Compression::none);
    trace.emplace(*trace_file, trace_header(scenario, run.plan()), scenario.roster);
    options.observers.push_back(&*trace);
    options.observers.push_back(&ladder);
  }
  Progress progress(Time(scenario.stop_at));
  options.threads = command.threads;
  options.poll = [&progress](Time now) {
    progress.show(now);
    return interrupt_asked.load();
  };

  Report report{.scenario = scenario,
                .plan = run.plan(),
                .result = run.start(options),
                .command = repeat_command(command, scenario)};
  progress.clear();
  judges.conclude(scenario, report);
  report.folder = folder.target().string();
  if (trace_file) trace_file->close();
  if (trace_file) write_file(folder.path() / kLadderFile, ladder.ladder().json());
  write_results(report, folder);
  folder.publish();
  report.wall_time_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start).count();

  const std::string text = command.json ? report_json(report) + "\n" : report_text(report, colour_allowed(stdout));
  print_or_throw(text);
  if (report.result.end.interrupted) return kInterrupted;
  return report.passed() ? kExitOk : kExitCheckFailed;
}

/// CLI11 would wrap what is negative or too large. Empty if `text` is a seed, and otherwise says why not.
std::string is_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (failed == std::errc() && end == text.data() + text.size()) return {};
  return fmt::format("`{}` is no seed: expected an integer from 0 to {}", text,
                     std::numeric_limits<std::uint64_t>::max());
}

int execute(const RunCommand& command) {
  const Loaded loaded = load_scenario(command.file, {.set = command.set, .seed = command.seed, .swarm = command.swarm});
  if (!loaded.scenario) {
    fmt::print(stderr, "{}", loaded.errors);
    return kExitUsage;
  }
  try {
    return run_scenario(command, *loaded.scenario);
  } catch (const PlatformError& error) {
    fmt::print(stderr, "{}: error: platform: {}\n", command.file, error.what());
  } catch (const OutputError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  }
  return kExitUsage;
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  auto command = std::make_shared<RunCommand>();
  CLI::App* run = app.add_subcommand("run", "run a scenario: trace, metrics, verdict and fingerprint");
  run->add_option("FILE", command->file, "scenario in YAML")->required();
  run->add_option("--seed", command->seed, "seed in place of the scenario's")->check(is_seed);
  run->add_option("--out", command->out, "folder for the results (default: results/NAME-SEED)");
  run->add_option("--set", command->set, "change one value: path=value, as in agents.replica.count=7")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  run->add_flag("--json", command->json, "print one JSON object instead of the summary");
  run->add_flag("--no-trace", command->no_trace, "do not write the trace; the fingerprint is the same");
  run->add_flag("--swarm", command->swarm, "draw faults for this seed from the scenario's section `swarm`");
  run->add_flag("--compress", command->compress, "write the trace with zstd");
  run->add_option("--threads", command->threads, "threads of the windowed executor; the result is the same")
      ->check(CLI::Range(1u, kThreadsMax));
  run->callback([command, &exit_code] { exit_code = execute(*command); });
}

}  // namespace conclave
