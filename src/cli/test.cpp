// conclave test [PATH…]: scenarios as regression tests. Each runs twice, with a trace and without, and both must give
// the verdict and the fingerprints that the folder's expected.txt holds, and what the scenario itself expects.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "cli/commands.hpp"
#include "cli/shell_word.hpp"
#include "cli/style.hpp"
#include "cli/test_child.hpp"
#include "cli/test_expect.hpp"
#include "cli/test_expectations.hpp"
#include "cli/test_junit.hpp"
#include "cli/test_tap.hpp"
#include "core/units.hpp"
#include "trace/output.hpp"

namespace conclave {

namespace fs = std::filesystem;

namespace {

/// Lines of a child's errors that a failure quotes.
constexpr int kQuotedLinesMax = 20;

std::atomic<bool> interrupt_asked = false;

/// The user's mistake, in words for the user.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ctrl-C.
struct Interrupted {};

struct TestCommand {
  std::vector<std::string> paths{"scenarios"};
  bool update = false;
  bool decisions = false;
  bool tap = false;
  bool github = false;
  std::string junit;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  std::string time_limit = "5min";  ///< of each run
};

// What there is to test.

struct Selection {
  std::vector<fs::path> scenarios;  ///< in order
  std::set<fs::path> searched;      ///< folders all of whose scenarios are selected

  bool has(const fs::path& scenario) const { return std::binary_search(scenarios.begin(), scenarios.end(), scenario); }
};

/// False if there is no scenario in it.
bool select_folder(const fs::path& folder, std::set<fs::path>& scenarios, std::set<fs::path>& searched) {
  bool found = false;
  searched.insert(folder);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().native().starts_with('.')) continue;
    if (entry.is_directory()) {
      found = select_folder(entry.path(), scenarios, searched) || found;
    } else if (entry.path().extension() == ".yaml") {
      scenarios.insert(entry.path());
      found = true;
    }
  }
  return found;
}

/// Throws UsageError for a path that does not exist or leads to no scenario.
Selection select(const std::vector<std::string>& paths) {
  std::set<fs::path> scenarios, searched;
  for (const std::string& written : paths) {
    fs::path path = fs::path(written).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();  // `scenarios/` is `scenarios`
    try {
      if (!fs::exists(path)) throw UsageError(fmt::format("{}: there is no such file or folder", written));
      if (!fs::is_directory(path)) {
        scenarios.insert(path);
      } else if (!select_folder(path, scenarios, searched)) {
        throw UsageError(fmt::format("{}: there is no scenario (*.yaml) in this folder", written));
      }
    } catch (const fs::filesystem_error& error) {
      throw UsageError(fmt::format("{}: cannot look for scenarios: {}", written, error.code().message()));
    }
  }
  return {{scenarios.begin(), scenarios.end()}, std::move(searched)};
}

std::set<fs::path> folders_of(const Selection& selection) {
  std::set<fs::path> folders = selection.searched;
  for (const fs::path& scenario : selection.scenarios) folders.insert(scenario.parent_path());
  return folders;
}

// One scenario.

/// A folder that is gone when the program ends.
class Scratch {
 public:
  Scratch() : path_((fs::temp_directory_path() / "conclave-test-XXXXXX").native()) {
    if (!::mkdtemp(path_.data())) throw OutputError(path_, "cannot create a folder for the results", errno);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  fs::path path() const { return path_; }

 private:
  std::string path_;
};

/// What two runs of a scenario gave.
struct Trial {
  std::optional<Expectation> found;
  std::string failed_checks;  ///< what they say, a line each
  std::string unmet;          ///< what the scenario's own `expect` finds wrong, a line each
  std::string failure;        ///< why nothing was found: a sentence, perhaps with lines of detail
  double wall_time_s = 0;
};

std::string repeat_command(const fs::path& scenario) {
  return fmt::format("conclave run {}", shell_word(scenario.native()));
}

std::string first_lines(const std::string& text) {
  std::istringstream lines(text);
  std::string out, line;
  for (int i = 0; i < kQuotedLinesMax && std::getline(lines, line); i++) out += "\n  " + line;
  return out;
}

/// What the run's JSON says; nothing unless it is what the exit code promises.
std::optional<Expectation> read_result(const fs::path& scenario, const ChildResult& run, Trial& trial) {
  const nlohmann::json result = nlohmann::json::parse(run.output, nullptr, false);
  if (!result.is_object()) return std::nullopt;
  Expectation found{result.value("verdict", ""), result.value("fingerprint", ""),
                    result.value("decisions_fingerprint", "")};
  trial.failed_checks.clear();
  trial.unmet.clear();
  for (const nlohmann::json& check : result.value("checks", nlohmann::json::array())) {
    if (check.value("verdict", "") == "fail")
      trial.failed_checks += fmt::format("\n  {}: {}", check.value("name", ""), check.value("detail", ""));
  }
  const bool consistent = (run.exit_code == kExitOk && found.verdict == "pass") ||
                          (run.exit_code == kExitCheckFailed && found.verdict == "fail");
  if (!consistent || found.fingerprint.empty()) return std::nullopt;
  if (const auto expect = load_expect(scenario))
    for (const std::string& problem : unmet(*expect, result)) trial.unmet += "\n  " + problem;
  return found;
}

/// One run; the reason in trial.failure if it gives no result.
std::optional<Expectation> run_once(const fs::path& scenario, const fs::path& folder, const std::string& option,
                                    Duration limit, Trial& trial) {
  const ChildResult run =
      run_child({"run", "--json", option, "--out", folder.native(), "--", scenario.native()}, limit);
  trial.wall_time_s += run.wall_time_s;
  std::optional<Expectation> found;
  if (run.exited()) found = read_result(scenario, run, trial);
  if (!found) {
    const std::string ending = run.exited() ? fmt::format("ended with exit code {}", run.exit_code) : run.ending;
    trial.failure = fmt::format("the run with {} {}{}", option, ending, first_lines(run.errors));
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return found;
}

Trial try_scenario(const fs::path& scenario, const fs::path& scratch, Duration limit) {
  Trial trial;
  // Compressed, because the trace of a large scenario is hundreds of megabytes.
  const auto traced = run_once(scenario, scratch / "traced", "--compress", limit, trial);
  if (!traced) return trial;
  const auto untraced = run_once(scenario, scratch / "untraced", "--no-trace", limit, trial);
  if (!untraced) return trial;
  if (*traced == *untraced) {
    trial.found = traced;
  } else {
    trial.failure =
        fmt::format("two runs differ\n  with trace     {}\n  without trace  {}", traced->text(), untraced->text());
  }
  return trial;
}

/// Tries all scenarios, `jobs` at a time; the results can be waited for one by one, in order.
class Trials {
 public:
  Trials(const std::vector<fs::path>& scenarios, unsigned jobs, Duration limit) : results_(scenarios.size()) {
    for (unsigned job = 0; job < std::min<std::size_t>(jobs, scenarios.size()); job++) {
      workers_.emplace_back([this, &scenarios, limit] {
        for (std::size_t i; (i = next_++) < scenarios.size();) {
          try {
            const fs::path scratch = scratch_.path() / std::to_string(i);
            results_[i].set_value(interrupt_asked ? Trial() : try_scenario(scenarios[i], scratch, limit));
          } catch (...) {
            results_[i].set_exception(std::current_exception());
          }
        }
      });
    }
  }
  ~Trials() {
    for (std::thread& worker : workers_) worker.join();
  }
  Trials(const Trials&) = delete;
  Trials& operator=(const Trials&) = delete;

  Trial result(std::size_t i) { return results_[i].get_future().get(); }

 private:
  Scratch scratch_;
  std::vector<std::promise<Trial>> results_;
  std::atomic<std::size_t> next_ = 0;
  std::vector<std::thread> workers_;
};

// The judgement.

struct Folder {
  Expectations expected;
  Expectations found;
};

std::string judge(const fs::path& scenario, const Trial& trial, const Expectations& expectations,
                  const TestCommand& command) {
  const std::string repeat = fmt::format("\nrepeat: {}", repeat_command(scenario));
  if (!trial.found) return trial.failure + repeat;
  if (!trial.unmet.empty())
    return fmt::format("the scenario expects something else{}{}{}", trial.unmet, trial.failed_checks, repeat);
  if (command.update) return {};
  const std::string hint = fmt::format("\nif this is meant: conclave test --update {}", shell_word(scenario.native()));
  const auto expected = expectations.find(scenario.filename());
  if (expected == expectations.end())
    return fmt::format("{} does not mention it{}{}", (scenario.parent_path() / kExpectedFile).string(), hint, repeat);
  const Expectation& wanted = expected->second;
  if (wanted.is_met_by(*trial.found, command.decisions)) return {};
  const bool same = !wanted.decisions.empty() && wanted.is_met_by(*trial.found, true);
  return fmt::format("the result is not the expected one{}\n  expected  {}\n  found     {}{}{}{}",
                     same ? ", though all decisions are: when or how they are taken has changed" : "", wanted.text(),
                     trial.found->text(), trial.failed_checks, hint, repeat);
}

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (const char c : text) out += c == '\n' ? "\n    " : std::string(1, c);
  return out + "\n";
}

/// A line for a test, and what went wrong below it.
void print_case(const TestCase& test, const std::optional<Expectation>& found, std::size_t width, const Style& style) {
  const std::string result =
      found ? fmt::format("{:<4}  {}", found->verdict, found->fingerprint) : fmt::format("{:<38}", "no result");
  fmt::print("{} {:<{}}  {}  {:6.2f} s\n", test.failure.empty() ? style.green("✔") : style.red("✘"),
             (fs::path(test.folder) / test.name).string(), width, result, test.wall_time_s);
  if (!test.failure.empty()) fmt::print("{}", indented(test.failure));
  std::fflush(stdout);
}

/// Expectations of scenarios that are not there, which --update forgets.
std::vector<TestCase> stale(const std::map<fs::path, Folder>& folders, const Selection& selection) {
  std::vector<TestCase> cases;
  for (const fs::path& path : selection.searched) {
    for (const auto& [name, expectation] : folders.at(path).expected) {
      if (selection.has(path / name)) continue;
      cases.push_back(
          {.folder = path.string(),
           .name = name,
           .failure = fmt::format("{} expects it, but there is no such scenario\nif this is meant: conclave "
                                  "test --update {}",
                                  (path / kExpectedFile).string(), shell_word(path.native()))});
    }
  }
  return cases;
}

std::map<fs::path, Folder> read_folders(const Selection& selection, bool update) {
  std::map<fs::path, Folder> folders;
  std::vector<std::string> problems;
  for (const fs::path& folder : folders_of(selection)) folders[folder].expected = read_expectations(folder, problems);
  if (!problems.empty() && !update) throw UsageError(fmt::format("{}", fmt::join(problems, "\n")));
  return folders;
}

/// Keeps what is known of scenarios that gave no result, and of those that were not selected.
void write_folders(const std::map<fs::path, Folder>& folders, const Selection& selection) {
  for (const auto& [path, folder] : folders) {
    Expectations expectations = folder.expected;
    if (selection.searched.contains(path))
      std::erase_if(expectations, [&, &path = path](const auto& entry) { return !selection.has(path / entry.first); });
    for (const auto& [name, found] : folder.found) expectations[name] = found;
    const bool needed = !expectations.empty() || fs::exists(path / kExpectedFile);
    if (needed && write_expectations(path, expectations)) fmt::print("wrote {}\n", (path / kExpectedFile).string());
  }
}

/// Annotations go where GitHub reads them, the log; the summary into the file that it names.
void tell_github(const std::vector<TestCase>& cases) {
  fmt::print(stderr, "{}", github_annotations(cases));
  const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
  if (summary && *summary) std::ofstream(summary, std::ios::app) << github_summary(cases);
}

/// Runs everything. Throws UsageError, OutputError and Interrupted.
int run_tests(const TestCommand& command, Duration limit) {
  const Style style(colour_allowed(stdout));
  const Selection selection = select(command.paths);
  std::map<fs::path, Folder> folders = read_folders(selection, command.update);
  std::optional<Output> junit;
  if (!command.junit.empty()) junit.emplace(command.junit);  // now: it would be a pity to find out at the end

  std::size_t width = 0;
  for (const fs::path& scenario : selection.scenarios) width = std::max(width, scenario.string().size());
  std::vector<TestCase> cases;
  {
    Trials trials(selection.scenarios, command.jobs, limit);
    for (std::size_t i = 0; i < selection.scenarios.size(); i++) {
      const fs::path& scenario = selection.scenarios[i];
      const Trial trial = trials.result(i);
      if (interrupt_asked) break;
      Folder& folder = folders.at(scenario.parent_path());
      if (trial.found) folder.found[scenario.filename()] = *trial.found;
      cases.push_back({.folder = scenario.parent_path().string(),
                       .name = scenario.filename().string(),
                       .wall_time_s = trial.wall_time_s,
                       .failure = judge(scenario, trial, folder.expected, command)});
      if (!command.tap) print_case(cases.back(), trial.found, width, style);
    }
  }
  if (interrupt_asked) throw Interrupted();
  if (command.update) {
    write_folders(folders, selection);
  } else {
    for (TestCase& test : stale(folders, selection)) {
      if (!command.tap) print_case(test, std::nullopt, width, style);
      cases.push_back(std::move(test));
    }
  }
  if (junit) junit->write(junit_xml(cases)), junit->close();
  const auto failed = std::count_if(cases.begin(), cases.end(), [](const auto& test) { return !test.failure.empty(); });
  if (command.tap)
    fmt::print("{}", tap(cases));
  else
    fmt::print("{} passed, {} failed\n", cases.size() - static_cast<std::size_t>(failed), failed);
  if (command.github) tell_github(cases);
  return failed == 0 ? kExitOk : kExitCheckFailed;
}

int execute(const TestCommand& command) {
  const char* ci = std::getenv("CI");
  try {
    if (command.update && ci && std::string_view(ci) == "true")
      throw UsageError("--update is refused where CI=true: expectations are changed by people, and committed");
    Duration limit{};
    if (const auto error = parse(command.time_limit, limit); error || limit <= Duration::zero())
      throw UsageError(fmt::format("--time-limit: `{}` is not a duration such as 90s", command.time_limit));
    std::signal(SIGINT, [](int) { interrupt_asked = true; });
    return run_tests(command, limit);
  } catch (const Interrupted&) {  // all is cleared away: end as any program does
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
  } catch (const UsageError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  } catch (const OutputError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  }
  return kExitUsage;
}

}  // namespace

void add_test(CLI::App& app, int& exit_code) {
  auto command = std::make_shared<TestCommand>();
  CLI::App* test = app.add_subcommand("test", "run scenarios as regression tests against their expected.txt");
  test->add_option("PATH", command->paths, "scenarios, or folders of them (default: scenarios)");
  test->add_flag("--update", command->update, "take what is found for what is expected");
  test->add_flag("--decisions", command->decisions, "compare verdicts and decisions only, not when they are taken");
  test->add_flag("--tap", command->tap, "print the results as TAP 13");
  test->add_flag("--github", command->github,
                 "annotations and a summary for GitHub (default where GITHUB_ACTIONS=true)");
  test->add_option("--junit", command->junit, "write the results to this file as JUnit XML too");
  test->add_option("--jobs", command->jobs, "runs at a time (default: the number of cores)")
      ->check(CLI::Range(1, 1024));
  test->add_option("--time-limit", command->time_limit, "of each run (default: 5min)");
  test->callback([command, &exit_code] {
    const char* actions = std::getenv("GITHUB_ACTIONS");
    if (actions && std::string_view(actions) == "true") command->github = true;
    exit_code = execute(*command);
  });
}

}  // namespace conclave
