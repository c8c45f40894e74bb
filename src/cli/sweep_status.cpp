// conclave sweep status DB: how far a sweep is. It can be asked while the sweep goes on.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/sweep.hpp"
#include "sweep/store.hpp"
#include "sweep/where.hpp"

namespace conclave {

namespace {

struct SweepStatusCommand {
  std::string database;
  std::string where;
  bool json = false;
};

struct Counts {
  std::map<std::string, std::size_t> by_status;
  std::size_t runs = 0;
  std::size_t checks_failed = 0;
  std::vector<std::size_t> of_point;
};

Counts count(const Store& store, const SweepPlan& plan, const Where& where) {
  Counts counts{.of_point = std::vector<std::size_t>(plan.points.size())};
  store.each_run([&](RunRecord&& run) {
    if (run.seed < plan.provenance.first_seed || !where.has(plan.points[run.point], run)) return;
    counts.runs++;
    counts.by_status[run.status]++;
    counts.of_point[run.point]++;
    counts.checks_failed += run.verdict == "fail";
  });
  return counts;
}

int execute(const SweepStatusCommand& command) {
  try {
    const Store store(database_of(command.database), Store::Access::read);
    const SweepPlan plan = store.plan();
    std::string problem;
    const auto where =
        command.where.empty() ? std::optional(Where()) : Where::parse(command.where, plan.paths, problem);
    if (!where) {
      fmt::print(stderr, "conclave: error: --where: {}\n", problem);
      return kExitUsage;
    }
    const Counts counts = count(store, plan, *where);
    const auto [least, most] = std::minmax_element(counts.of_point.begin(), counts.of_point.end());
    const auto touched =
        std::count_if(counts.of_point.begin(), counts.of_point.end(), [](auto runs) { return runs > 0; });
    if (command.json) {
      const nlohmann::ordered_json status{{"sweep", plan.sweep},
                                          {"points", plan.points.size()},
                                          {"points_with_runs", touched},
                                          {"runs", counts.runs},
                                          {"by_status", counts.by_status},
                                          {"checks_failed", counts.checks_failed},
                                          {"runs_per_point_least", *least},
                                          {"runs_per_point_most", *most},
                                          {"other_runs", store.other_runs()}};
      fmt::print("{}\n", status.dump());
      return kExitOk;
    }
    fmt::print("{}: {} of {} points have runs, from {} to {} each\n", plan.title, touched, plan.points.size(), *least,
               *most);
    for (const auto& [status, runs] : counts.by_status) fmt::print("  {:>8}  {}\n", runs, status);
    if (counts.checks_failed > 0) fmt::print("  {:>8}  with failed checks\n", counts.checks_failed);
    if (const std::size_t others = store.other_runs(); others > 0)
      fmt::print("  {:>8}  of other programs, scenarios, metrics or points: kept, not shown\n", others);
    return kExitOk;
  } catch (const StoreError& error) {
    fmt::print(stderr, "conclave: error: {}\n", error.what());
    return kExitUsage;
  }
}

}  // namespace

void add_sweep_status(CLI::App& sweep, int& exit_code) {
  auto command = std::make_shared<SweepStatusCommand>();
  CLI::App* status = sweep.add_subcommand("status", "how far a sweep is");
  status->add_option("DB", command->database, "database, or the sweep's file")->required();
  status->add_option("--where", command->where, "only runs such as 'count >= 7 and status = ok'");
  status->add_flag("--json", command->json, "print one JSON object");
  status->callback([command, &exit_code] { exit_code = execute(*command); });
}

}  // namespace conclave
