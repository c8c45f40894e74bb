// conclave swarm FILE…: many seeds of scenarios, each with faults of its own drawn from the scenario's section `swarm`.
// Each run is a process, so a crash is a finding like any other; it is a fork of this one, which has loaded everything
// already.

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <thread>

#include "cli/commands.hpp"
#include "cli/judges.hpp"
#include "cli/shell_word.hpp"
#include "cli/style.hpp"
#include "core/codec.hpp"
#include "scenario/load.hpp"

namespace conclave {

namespace {

/// Findings that are printed in full: after that many, they are counted.
constexpr std::uint64_t kFindingsShown = 20;
/// Bytes of a run's finding at most.
constexpr std::size_t kFindingMax = 4096;

std::atomic<bool> interrupt_asked = false;

struct SwarmCommand {
  std::vector<std::string> files;
  std::uint64_t seeds = 100;
  std::uint64_t first = 1;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  std::string time_limit = "60s";
  std::vector<std::string> set;
};

/// One run, in the child. What it found, empty if all checks hold.
std::string run_one(const std::string& file, const Overrides& overrides) {
  const Loaded loaded = load_scenario(file, overrides);
  if (!loaded.scenario) return "the scenario is refused:\n" + loaded.errors;
  const Scenario& scenario = *loaded.scenario;
  Run run(scenario);
  const RunFacts facts{scenario.roster, scenario.seed, Time(scenario.heal_at), Time(scenario.stop_at),
                       scenario.crypto.signatures};
  const Judges judges(scenario, facts);
  RunOptions options;
  judges.subscribe_to(options);
  Report report{.scenario = scenario, .plan = run.plan(), .result = run.start(options)};
  judges.conclude(scenario, report);
  std::string finding;
  for (const CheckResult& check : report.checks)
    if (!check.verdict.holds) finding += fmt::format("{}: {}\n", check.name, check.verdict.detail);
  if (finding.empty()) return finding;
  for (const std::string& fault : scenario.drawn) finding += fmt::format("drawn: {}\n", fault);
  return finding;
}

using Clock = std::chrono::steady_clock;

/// A run under way.
struct Child {
  pid_t pid = 0;
  int pipe = -1;
  std::size_t file = 0;
  std::uint64_t seed = 0;
  Clock::time_point deadline;
  std::string text;
};

[[noreturn]] void be_child(const std::string& file, const Overrides& overrides, int pipe) {
  int exit_code = kExitOk;
  std::string finding;
  try {
    finding = run_one(file, overrides);
    exit_code = finding.empty() ? kExitOk : kExitCheckFailed;
  } catch (const std::exception& error) {
    finding = fmt::format("error: {}\n", error.what());
    exit_code = kExitInternal;
  }
  finding.resize(std::min(finding.size(), kFindingMax));
  static_cast<void>(!::write(pipe, finding.data(), finding.size()));
  ::_exit(exit_code);
}

class Swarm {
 public:
  Swarm(const SwarmCommand& command, std::chrono::nanoseconds limit) : command_(command), limit_(limit) {}

  int run() {
    const std::uint64_t total = command_.seeds * command_.files.size();
    for (std::uint64_t next = 0; next < total || !children_.empty();) {
      if (interrupt_asked && next < total) next = total;
      while (next < total && children_.size() < command_.jobs) start(next++);
      wait();
    }
    fmt::print("{} passed, {} failed{}\n", runs_ - findings_, findings_, interrupt_asked ? ", interrupted" : "");
    if (interrupt_asked) return 130;
    return findings_ == 0 ? kExitOk : kExitCheckFailed;
  }

 private:
  void start(std::uint64_t number) {
    Child child{.file = number % command_.files.size(),
                .seed = command_.first + number / command_.files.size(),
                .deadline = Clock::now() + limit_};
    std::array<int, 2> ends;
    if (::pipe(ends.data()) != 0) throw std::runtime_error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    std::fflush(stdout);
    child.pid = ::fork();
    if (child.pid < 0) throw std::runtime_error(fmt::format("cannot start a run: {}", std::strerror(errno)));
    if (child.pid == 0) {
      ::close(ends[0]);
      be_child(command_.files[child.file], {.set = command_.set, .seed = child.seed, .swarm = true}, ends[1]);
    }
    ::close(ends[1]);
    child.pipe = ends[0];
    children_.push_back(std::move(child));
  }

  /// Until a run has said something or ended.
  void wait() {
    if (children_.empty()) return;
    constexpr int kLookMs = 200;
    std::vector<pollfd> waiting;
    for (const Child& child : children_) waiting.push_back({child.pipe, POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), kLookMs) < 0 && errno != EINTR)
      throw std::runtime_error(fmt::format("cannot wait for a run: {}", std::strerror(errno)));
    for (std::size_t i = children_.size(); i-- > 0;) {
      Child& child = children_[i];
      if (Clock::now() > child.deadline) {
        ::kill(child.pid, SIGKILL);
        finish(child, "takes too long");
      } else if (waiting[i].revents != 0 && !drain(child)) {
        finish(child, "");
      } else {
        continue;
      }
      children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  static bool drain(Child& child) {
    char buffer[kFindingMax];
    const ssize_t got = ::read(child.pipe, buffer, sizeof buffer);
    if (got > 0) child.text.append(buffer, static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EINTR);
  }

  void finish(Child& child, const std::string& why) {
    ::close(child.pipe);
    int status = 0;
    while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    runs_++;
    std::string finding = child.text;
    if (!why.empty()) {
      finding += fmt::format("{}: killed after {}\n", why, command_.time_limit);
    } else if (WIFSIGNALED(status)) {
      finding += fmt::format("crashed: signal {} ({})\n", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
    } else if (WEXITSTATUS(status) != kExitOk && finding.empty()) {
      finding = fmt::format("ended with exit code {}\n", WEXITSTATUS(status));
    }
    if (finding.empty()) return;
    if (++findings_ <= kFindingsShown) show(child, finding);
    if (findings_ == kFindingsShown + 1) fmt::print("further findings are only counted\n");
  }

  void show(const Child& child, const std::string& finding) const {
    const Style style(colour_allowed(stdout));
    const std::string& file = command_.files[child.file];
    fmt::print("{} {} seed {}\n", style.red("✘"), file, child.seed);
    std::size_t begin = 0;
    for (std::size_t end; (end = finding.find('\n', begin)) != std::string::npos; begin = end + 1)
      fmt::print("    {}\n", finding.substr(begin, end - begin));
    fmt::print("    repeat: conclave run {} --swarm --seed {}", shell_word(file), child.seed);
    for (const std::string& change : command_.set) fmt::print(" --set {}", shell_word(change));
    fmt::print("\n");
  }

  const SwarmCommand& command_;
  const std::chrono::nanoseconds limit_;
  std::vector<Child> children_;
  std::uint64_t runs_ = 0;
  std::uint64_t findings_ = 0;
};

int execute(const SwarmCommand& command) {
  Duration limit{};
  if (const auto wrong = parse(command.time_limit, limit)) {
    fmt::print(stderr, "conclave: error: --time-limit: {}; expected {}\n", wrong->problem, wrong->expected);
    return kExitUsage;
  }
  // A scenario that is refused is refused once, not once for each seed.
  for (const std::string& file : command.files) {
    const Loaded loaded = load_scenario(file, {.set = command.set, .seed = command.first, .swarm = true});
    if (loaded.scenario) continue;
    fmt::print(stderr, "{}", loaded.errors);
    return kExitUsage;
  }
  std::signal(SIGINT, [](int caught) {
    interrupt_asked = true;
    std::signal(caught, SIG_DFL);
  });
  return Swarm(command, limit).run();
}

}  // namespace

void add_swarm(CLI::App& app, int& exit_code) {
  auto command = std::make_shared<SwarmCommand>();
  CLI::App* swarm = app.add_subcommand("swarm", "run many seeds, each with faults drawn from the section `swarm`");
  swarm->add_option("FILE", command->files, "scenarios with a section `swarm`")->required();
  swarm->add_option("--seeds", command->seeds, "seeds of each scenario (default: 100)")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40));
  swarm->add_option("--first", command->first, "the first seed (default: 1)")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 62));
  swarm->add_option("--jobs", command->jobs, "runs at a time (default: one a core)")->check(CLI::Range(1u, 1024u));
  swarm->add_option("--time-limit", command->time_limit, "of each run (default: 60s)");
  swarm->add_option("--set", command->set, "change one value, as for `run`")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  swarm->callback([command, &exit_code] { exit_code = execute(*command); });
}

}  // namespace conclave
