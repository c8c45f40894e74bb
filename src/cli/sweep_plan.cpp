// conclave sweep plan FILE: the points of a sweep, and how many runs they are. Runs nothing.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/sweep.hpp"
#include "cli/sweep_campaign.hpp"
#include "sweep/where.hpp"

namespace conclave {

namespace {

struct SweepPlanCommand {
  std::string file;
  std::string where;
  bool json = false;
};

void print_json(const Campaign& campaign, const Where& where) {
  using Json = nlohmann::ordered_json;
  Json points = Json::array();
  for (std::size_t i = 0; i < campaign.sweep.points.size(); i++) {
    const Point& point = campaign.sweep.points[i];
    if (!where.has(point, i)) continue;
    Json parameters = Json::object();
    for (const Point::Parameter& parameter : point.parameters) parameters[parameter.path] = parameter.value;
    points.push_back({{"point", i}, {"parameters", std::move(parameters)}});
  }
  const Json plan{{"sweep", campaign.sweep.name},
                  {"scenario", campaign.sweep.scenario.string()},
                  {"first_seed", campaign.seed(0)},
                  {"repetitions", campaign.sweep.repetitions},
                  {"repetitions_max", campaign.sweep.repetitions_max()},
                  {"runs_max", campaign.sweep.runs_max()},
                  {"points", std::move(points)}};
  fmt::print("{}\n", plan.dump());
}

int execute(const SweepPlanCommand& command) {
  const auto campaign = load_campaign(command.file);
  if (!campaign) return kExitUsage;
  std::string problem;
  const auto where =
      command.where.empty() ? std::optional(Where()) : Where::parse(command.where, campaign->sweep.paths, problem);
  if (!where) {
    fmt::print(stderr, "conclave: error: --where: {}\n", problem);
    return kExitUsage;
  }
  if (command.json) return print_json(*campaign, *where), kExitOk;
  for (std::size_t i = 0; i < campaign->sweep.points.size(); i++)
    if (where->has(campaign->sweep.points[i], i)) fmt::print("{:>6}  {}\n", i, campaign->sweep.points[i].text());
  const Sweep& sweep = campaign->sweep;
  fmt::print("{} points, {} {} repetitions each from seed {}: {} runs{}\n", sweep.points.size(),
             sweep.until ? "at most" : "of", sweep.repetitions_max(), campaign->seed(0), sweep.runs_max(),
             sweep.until ? " at most" : "");
  return kExitOk;
}

}  // namespace

void add_sweep_plan(CLI::App& sweep, int& exit_code) {
  auto command = std::make_shared<SweepPlanCommand>();
  CLI::App* plan = sweep.add_subcommand("plan", "list the points of a sweep");
  plan->add_option("FILE", command->file, "sweep in YAML")->required();
  plan->add_option("--where", command->where, "only points such as 'count >= 7 and latency = 1ms'");
  plan->add_flag("--json", command->json, "print one JSON object");
  plan->callback([command, &exit_code] { exit_code = execute(*command); });
}

}  // namespace conclave
