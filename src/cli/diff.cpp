// conclave diff A B: the first event at which two runs part, and what led to it on either side. A and B are folders of
// runs, or scenarios, which are run.

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/style.hpp"
#include "cli/test_child.hpp"
#include "core/units.hpp"
#include "trace/ladder.hpp"
#include "trace/output.hpp"
#include "trace/parting.hpp"

namespace conclave {

namespace fs = std::filesystem;

namespace {

struct DiffCommand {
  std::string a;
  std::string b;
  std::vector<std::string> set;
  std::vector<std::string> set_b;
  std::string seed;
  std::string time_limit = "10min";
  bool json = false;
};

/// A scenario that does not run.
struct DiffError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A folder that is gone when the program ends.
class Scratch {
 public:
  Scratch() : path_((fs::temp_directory_path() / "conclave-diff-XXXXXX").native()) {
    if (!::mkdtemp(path_.data())) throw OutputError(path_, "cannot create a folder for the runs", errno);
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

/// The folder of a run: the given one, or that of a run made of the given scenario.
fs::path folder_of(const std::string& given, const fs::path& scratch, const DiffCommand& command,
                   const std::vector<std::string>& set, Duration limit) {
  std::error_code ignored;
  if (fs::is_directory(given, ignored)) return given;
  std::vector<std::string> arguments{"run", "--compress", "--json", "--out", scratch.native()};
  if (!command.seed.empty()) arguments.insert(arguments.end(), {"--seed", command.seed});
  for (const std::string& change : set) arguments.insert(arguments.end(), {"--set", change});
  arguments.insert(arguments.end(), {"--", given});
  const ChildResult run = run_child(arguments, limit);
  if (run.exited() && (run.exit_code == kExitOk || run.exit_code == kExitCheckFailed)) return scratch;
  throw DiffError(fmt::format("{}: the run {}\n{}", given,
                              run.exited() ? fmt::format("ended with exit code {}", run.exit_code) : run.ending,
                              run.errors));
}

nlohmann::ordered_json side_json(const PartingSide& side) {
  nlohmann::ordered_json causes = nlohmann::ordered_json::array();
  for (const TraceEvent& cause : side.causes) causes.push_back(nlohmann::ordered_json(cause.fields));
  return {{"event", side.event ? nlohmann::ordered_json(side.event->fields) : nullptr}, {"causes", std::move(causes)}};
}

void print_side(const char* name, const std::string& given, const PartingSide& side, const Style& style) {
  fmt::print("{}\n", style.bold(fmt::format("{}  {}", name, given)));
  for (const TraceEvent& cause : side.causes) fmt::print("    {}\n", describe(cause, side.roster));
  const std::string event = side.event ? describe(*side.event, side.roster) : "              the run has ended";
  fmt::print("  {} {}\n", style.red(">"), event);
}

int compare(const DiffCommand& command, Duration limit) {
  const Scratch scratch;
  std::vector<std::string> set_b = command.set;
  set_b.insert(set_b.end(), command.set_b.begin(), command.set_b.end());
  const fs::path a = folder_of(command.a, scratch.path() / "a", command, command.set, limit);
  const fs::path b = folder_of(command.b, scratch.path() / "b", command, set_b, limit);
  const auto ladder_a = read_ladder(a), ladder_b = read_ladder(b);
  std::uint64_t from = 0, compared = 0;
  if (ladder_a && ladder_b) from = window_of_parting(*ladder_a, *ladder_b).first;
  const auto parting = find_parting(find_trace(a), find_trace(b), from, compared);
  if (command.json) {
    nlohmann::ordered_json out{{"equal", !parting}, {"compared_from", from}, {"compared", compared}};
    if (parting) out["number"] = parting->number, out["a"] = side_json(parting->a), out["b"] = side_json(parting->b);
    fmt::print("{}\n", out.dump());
  } else if (!parting) {
    fmt::print("the two runs are equal, event by event\n");
  } else {
    const Style style(colour_allowed(stdout));
    fmt::print("the runs part at event {}; the {} before are equal{}\n\n", parting->number, parting->number,
               from > 0 ? fmt::format(" (the first {} by their hashes)", from) : "");
    print_side("A", command.a, parting->a, style);
    fmt::print("\n");
    print_side("B", command.b, parting->b, style);
  }
  return parting ? kExitCheckFailed : kExitOk;
}

int execute(const DiffCommand& command) {
  Duration limit{};
  if (const auto wrong = parse(command.time_limit, limit)) {
    fmt::print(stderr, "conclave: error: --time-limit: {}; expected {}\n", wrong->problem, wrong->expected);
    return kExitUsage;
  }
  try {
    return compare(command, limit);
  } catch (const DiffError& error) {
    fmt::print(stderr, "conclave: error: {}", error.what());
  } catch (const TraceError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  } catch (const OutputError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  }
  return kExitUsage;
}

}  // namespace

void add_diff(CLI::App& app, int& exit_code) {
  auto command = std::make_shared<DiffCommand>();
  CLI::App* diff = app.add_subcommand("diff", "the first event at which two runs part, and what led to it");
  diff->add_option("A", command->a, "folder of a run, or a scenario")->required();
  diff->add_option("B", command->b, "the same")->required();
  const auto many = CLI::MultiOptionPolicy::TakeAll;
  diff->add_option("--set", command->set, "change one value of scenarios, as for `run`")
      ->expected(1)
      ->multi_option_policy(many);
  diff->add_option("--set-b", command->set_b, "change one value of B only")->expected(1)->multi_option_policy(many);
  diff->add_option("--seed", command->seed, "seed in place of the scenarios' own");
  diff->add_option("--time-limit", command->time_limit, "of each run (default: 10min)");
  diff->add_flag("--json", command->json, "print one JSON object");
  diff->callback([command, &exit_code] { exit_code = execute(*command); });
}

}  // namespace conclave
