// conclave sweep run FILE: does what is not done yet. Killed at any moment and run again, it goes on where it was.

#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <map>
#include <thread>

#include "cli/commands.hpp"
#include "cli/style.hpp"
#include "cli/sweep.hpp"
#include "cli/sweep_campaign.hpp"
#include "cli/sweep_point.hpp"
#include "cli/sweep_progress.hpp"
#include "cli/sweep_shard.hpp"
#include "core/units.hpp"
#include "sweep/journal.hpp"
#include "sweep/schedule.hpp"
#include "sweep/where.hpp"
#include "trace/output.hpp"

namespace conclave {

namespace {

/// A sweep of more runs must be confirmed: a grid grows faster than one thinks.
constexpr std::uint64_t kRunsUnconfirmed = 10'000;
/// Runs without results that are shown: after that many, they are counted.
constexpr std::size_t kFailuresShown = 10;
constexpr int kInterrupted = 130;

std::atomic<bool> interrupt_asked = false;

struct SweepRunCommand {
  std::string file;
  std::string database;
  std::string shard;
  std::string journals;
  std::string where;
  std::uint64_t confirm = 0;
  bool retry = false;
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
};

/// Where results go: a database, or the journal of a shard.
struct Sink {
  std::optional<Store> store;
  std::optional<JournalWriter> journal;

  void add(const std::vector<RunRecord>& runs) {
    if (store) store->add(runs);
    if (journal) journal->add(runs);
  }
};

class SweepRun {
 public:
  SweepRun(const SweepRunCommand& command, const Campaign& campaign, const Where& where, std::optional<Shard> shard)
      : command_(command),
        campaign_(campaign),
        shard_(shard),
        schedule_(campaign.sweep, chosen(campaign, where, shard)),
        workers_(command.jobs, campaign.sweep.time_limit) {}

  /// Throws StoreError and OutputError.
  int run() {
    shard_ ? open_journal() : open_database();
    while (true) {
      while (!interrupt_asked && !workers_.full() && start_next()) {
      }
      if (interrupt_asked || workers_.idle()) break;
      take(workers_.wait());
      progress_.show(done_, failed_, schedule_.left());
    }
    progress_.clear();
    return conclude();
  }

 private:
  static std::vector<std::size_t> chosen(const Campaign& campaign, const Where& where, std::optional<Shard> shard) {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < campaign.sweep.points.size(); i++)
      if (where.has(campaign.sweep.points[i], i) && (!shard || shard->has(i))) numbers.push_back(i);
    return numbers;
  }

  void open_database() {
    database_ =
        command_.database.empty() ? default_database(campaign_.sweep.name) : std::filesystem::path(command_.database);
    sink_.store.emplace(database_, Store::Access::write);
    sink_.store->plan(campaign_.plan);
    if (command_.retry) sink_.store->forget_failed();
    sink_.store->each_run([&](RunRecord&& run) { known(run); });
  }

  void open_journal() {
    const std::filesystem::path folder = command_.journals.empty() ? "results" : command_.journals;
    const std::string campaign = campaign_.plan.provenance.campaign();
    for (const auto& file : find_journals(folder, campaign_.sweep.name, shard_)) {
      const Journal journal = read_journal(file);
      if (!journal.plan || journal.plan->provenance.campaign() != campaign) continue;
      for (const RunRecord& run : journal.runs)
        if (const auto point = same_point(*journal.plan, run)) known_run(*point, run);
    }
    if (schedule_.left() > 0) sink_.journal.emplace(folder, campaign_.plan, *shard_);
  }

  /// The number that the run's point has now: points may have been added since.
  std::optional<std::size_t> same_point(const SweepPlan& plan, const RunRecord& run) const {
    if (run.point >= plan.points.size()) return std::nullopt;
    const Point& wanted = plan.points[run.point];
    const auto& points = campaign_.sweep.points;
    if (run.point < points.size() && points[run.point].parameters == wanted.parameters) return run.point;
    const auto found = std::find_if(points.begin(), points.end(),
                                    [&](const Point& point) { return point.parameters == wanted.parameters; });
    if (found == points.end()) return std::nullopt;
    return static_cast<std::size_t>(found - points.begin());
  }

  void known(const RunRecord& run) { known_run(run.point, run); }
  void known_run(std::size_t point, const RunRecord& run) {
    const std::uint64_t first = campaign_.plan.provenance.first_seed;
    if (run.seed < first || run.seed - first >= campaign_.sweep.repetitions_max()) return;
    if (command_.retry && !run.ok()) return;
    schedule_.done({point, static_cast<std::uint32_t>(run.seed - first)}, stop_value(run));
    known_++;
  }

  std::optional<double> stop_value(const RunRecord& run) const {
    if (!campaign_.sweep.until) return std::nullopt;
    for (const Metric& metric : run.metrics)
      if (metric.name == campaign_.sweep.until->metric) return metric.value;
    return std::nullopt;
  }

  bool start_next() {
    const std::optional<SweepTask> task = schedule_.next();
    if (!task) return false;
    const std::size_t tag = tags_++;
    under_way_[tag] = *task;
    const Point& point = campaign_.sweep.points[task->point];
    workers_.start(tag, [&] { return run_point(campaign_, point, campaign_.seed(task->repetition)); });
    return true;
  }

  void take(const std::vector<Workers::Ended>& all) {
    std::vector<RunRecord> runs;
    std::vector<SweepTask> tasks;
    for (const Workers::Ended& ended : all) {
      const SweepTask task = under_way_.at(ended.tag);
      under_way_.erase(ended.tag);
      RunRecord run = record_of(ended, missing_);
      run.point = task.point;
      run.seed = campaign_.seed(task.repetition);
      run.key = run_key(campaign_.plan.provenance, campaign_.sweep.points[task.point], run.seed);
      for (const Metric& metric : run.metrics) found_.insert(metric.name);
      runs.push_back(std::move(run));
      tasks.push_back(task);
    }
    sink_.add(runs);  // before anything else hears of them
    for (std::size_t i = 0; i < runs.size(); i++) {
      schedule_.done(tasks[i], stop_value(runs[i]));
      done_++;
      if (!runs[i].ok()) show_failure(runs[i]);
    }
  }

  void show_failure(const RunRecord& run) {
    progress_.clear();
    if (++failed_ <= kFailuresShown) {
      const Point& point = campaign_.sweep.points[run.point];
      fmt::print("{} {}: {} seed={}: {}\n    repeat: {}\n", Style(colour_allowed(stdout)).red("✘"), run.status,
                 point.text(), run.seed, run.reason, campaign_.repeat_command(point, run.seed));
    }
    if (failed_ == kFailuresShown + 1) fmt::print("further runs without results are only counted\n");
  }

  int conclude() {
    const double seconds = std::max(progress_.seconds(), 1e-6);
    fmt::print("{} points: {} runs done in {:.1f} s ({:.1f} a second), {} without results; {} were there before\n",
               campaign_.sweep.points.size(), done_, seconds, static_cast<double>(done_) / seconds, failed_, known_);
    if (interrupt_asked) {
      fmt::print("interrupted: run it again to go on\n");
      return kInterrupted;
    }
    if (sink_.journal) fmt::print("journal   {}\n", sink_.journal->publish().string());
    if (sink_.store) fmt::print("database  {}\n", database_.string());
    bool good = failed_ == 0;
    for (const auto& [name, hint] : missing_) {
      if (found_.contains(name)) continue;
      good = false;
      fmt::print(stderr, "conclave: error: no run has the metric `{}`{}{}\n", name, hint.empty() ? "" : "; ", hint);
    }
    return good ? kExitOk : kExitCheckFailed;
  }

  const SweepRunCommand& command_;
  const Campaign& campaign_;
  const std::optional<Shard> shard_;
  std::filesystem::path database_;
  Sink sink_;
  Schedule schedule_;
  Workers workers_;
  SweepProgress progress_;
  std::map<std::size_t, SweepTask> under_way_;
  std::map<std::string, std::string> missing_;  ///< metrics that some run did not have, with hints
  std::set<std::string> found_;                 ///< metrics that some run had
  std::size_t tags_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t known_ = 0;
};

bool is_confirmed(const SweepRunCommand& command, const Sweep& sweep) {
  const std::uint64_t runs = sweep.runs_max();
  if (runs <= kRunsUnconfirmed || command.confirm == runs) return true;
  fmt::print(stderr,
             "{}: error: this sweep has {} runs ({} points, {} {} repetitions each); more than {} must be confirmed\n"
             "      = add `--confirm {}` if it is meant\n",
             sweep.file.string(), runs, sweep.points.size(), sweep.until ? "at most" : "of", sweep.repetitions_max(),
             kRunsUnconfirmed, runs);
  return false;
}

int execute(const SweepRunCommand& command) {
  const auto campaign = load_campaign(command.file);
  if (!campaign || !is_confirmed(command, campaign->sweep)) return kExitUsage;
  std::string problem;
  std::optional<Shard> shard;
  if (!command.shard.empty()) shard = read_shard(command.shard, problem);
  auto where =
      command.where.empty() ? std::optional(Where()) : Where::parse(command.where, campaign->sweep.paths, problem);
  if (!problem.empty()) {
    fmt::print(stderr, "conclave: error: {}\n", problem);
    return kExitUsage;
  }
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { interrupt_asked = true; });
  try {
    return SweepRun(command, *campaign, *where, shard).run();
  } catch (const StoreError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  } catch (const OutputError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  }
  return kExitUsage;
}

}  // namespace

void add_sweep_run(CLI::App& sweep, int& exit_code) {
  auto command = std::make_shared<SweepRunCommand>();
  CLI::App* run = sweep.add_subcommand("run", "do the runs of a sweep that are not done yet");
  run->add_option("FILE", command->file, "sweep in YAML")->required();
  run->add_option("--db", command->database, "database for the results (default: results/NAME.sqlite)");
  run->add_option("--jobs", command->jobs, "runs at a time (default: the number of cores)")
      ->check(CLI::Range(1u, 1024u));
  run->add_option("--where", command->where, "only points such as 'count >= 7 and latency = 1ms'");
  run->add_option("--confirm", command->confirm, "the number of runs of a sweep that has very many");
  run->add_flag("--retry", command->retry, "do again what ended without results");
  CLI::Option* shard = run->add_option("--shard", command->shard,
                                       "I/N: only the I-th of N parts, into a journal; auto: as Slurm, PBS or SGE say");
  run->add_option("--journals", command->journals, "folder for the journals of shards (default: results)")
      ->needs(shard);
  run->callback([command, &exit_code] { exit_code = execute(*command); });
}

}  // namespace conclave
