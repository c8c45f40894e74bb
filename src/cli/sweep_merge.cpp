// conclave sweep merge DB JOURNAL…: folds what the shards of a sweep have found into one database.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/commands.hpp"
#include "cli/sweep.hpp"
#include "sweep/journal.hpp"

namespace conclave {

namespace fs = std::filesystem;

namespace {

struct SweepMergeCommand {
  std::string database;
  std::vector<std::string> journals;
};

/// A plan that has the points of both; the order is that of the larger, which is the later version of the sweep file.
SweepPlan united(const SweepPlan& known, const SweepPlan& other) {
  const bool larger = other.points.size() > known.points.size();
  SweepPlan plan = larger ? other : known;
  for (const Point& point : (larger ? known : other).points) {
    const bool there = std::any_of(plan.points.begin(), plan.points.end(),
                                   [&](const Point& each) { return each.parameters == point.parameters; });
    if (!there) plan.points.push_back(point);
  }
  return plan;
}

/// Why the two cannot be in one database; empty if they can.
std::string difference(const Provenance& a, const Provenance& b) {
  if (a.program != b.program) return "it comes from another build of the program";
  if (a.content != b.content) return "its scenario differs";
  if (a.metrics != b.metrics) return "it keeps other metrics";
  return {};
}

/// The runs with the numbers that their points have in `plan`.
std::vector<RunRecord> renumbered(const Journal& journal, const SweepPlan& plan) {
  std::map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < plan.points.size(); i++) numbers.emplace(plan.points[i].text(), i);
  std::vector<RunRecord> runs = journal.runs;
  std::erase_if(runs, [&](const RunRecord& run) { return run.point >= journal.plan->points.size(); });
  for (RunRecord& run : runs) run.point = numbers.at(journal.plan->points[run.point].text());
  return runs;
}

/// Journals that are given, and those in folders that are given.
std::vector<fs::path> journals_in(const std::vector<std::string>& given) {
  std::vector<fs::path> all;
  for (const std::string& path : given) {
    if (!fs::is_directory(path)) {
      all.emplace_back(path);
      continue;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(".journal") || name.ends_with(".journal.partial")) all.push_back(entry.path());
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// How many runs were merged; adds to `problems`.
std::size_t merge_one(Store& store, std::optional<SweepPlan>& plan, const fs::path& file,
                      std::vector<std::string>& problems) {
  const Journal journal = read_journal(file);
  problems.insert(problems.end(), journal.problems.begin(), journal.problems.end());
  if (!journal.plan) return 0;
  if (plan) {
    if (const std::string why = difference(plan->provenance, journal.plan->provenance); !why.empty()) {
      problems.push_back(fmt::format("{}: this journal does not belong to the database: {}", file.string(), why));
      return 0;
    }
  }
  plan = plan ? united(*plan, *journal.plan) : *journal.plan;
  store.plan(*plan);
  const std::vector<RunRecord> runs = renumbered(journal, *plan);
  store.add(runs);
  return runs.size();
}

int execute(const SweepMergeCommand& command) {
  try {
    const std::vector<fs::path> journals = journals_in(command.journals);
    if (journals.empty()) throw StoreError("there are no journals to merge");
    Store store(command.database, Store::Access::write);
    std::optional<SweepPlan> plan;
    if (store.has_plan()) plan = store.plan();
    std::vector<std::string> problems;
    std::size_t runs = 0;
    for (const fs::path& journal : journals) runs += merge_one(store, plan, journal, problems);
    fmt::print("{} runs of {} journals are in {}\n", runs, journals.size(), command.database);
    for (const std::string& problem : problems) fmt::print(stderr, "conclave: error: {}\n", problem);
    return problems.empty() ? kExitOk : kExitUsage;
  } catch (const StoreError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  } catch (const fs::filesystem_error& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
  }
  return kExitUsage;
}

}  // namespace

void add_sweep_merge(CLI::App& sweep, int& exit_code) {
  auto command = std::make_shared<SweepMergeCommand>();
  CLI::App* merge = sweep.add_subcommand("merge", "fold the journals of shards into a database");
  merge->add_option("DB", command->database, "database")->required();
  merge->add_option("JOURNAL", command->journals, "journals, or folders of them")->required();
  merge->callback([command, &exit_code] { exit_code = execute(*command); });
}

}  // namespace conclave
