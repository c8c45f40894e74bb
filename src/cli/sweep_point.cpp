#include "cli/sweep_point.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/quiet_run.hpp"
#include "core/diagnostics.hpp"
#include "engine/platform.hpp"
#include "scenario/load.hpp"
#include "sweep/units.hpp"
#include "trace/result_path.hpp"

namespace conclave {

namespace {

using Json = nlohmann::json;

/// A reason is shown in a table.
std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

Json refusal(const std::string& why) {
  return {{"status", kRunRefused}, {"reason", one_line(why)}};
}

/// The metrics that are kept, and hints for those that are not there.
void keep_metrics(const std::vector<MetricSpec>& specs, const Json& results, Json& out) {
  Json metrics = Json::array(), missing = Json::object();
  const std::vector<std::string> all = number_paths(results);
  if (specs.empty()) {
    for (const std::string& path : all) metrics.push_back({path, unit_of_path(path), *find_number(results, path)});
  }
  for (const MetricSpec& spec : specs) {
    if (const auto value = find_number(results, spec.path)) {
      metrics.push_back({spec.name, spec.unit, *value});
    } else {
      missing[spec.name] = suggestion(spec.path, all);
    }
  }
  out["metrics"] = std::move(metrics);
  out["missing"] = std::move(missing);
}

}  // namespace

std::string run_point(const Campaign& campaign, const Point& point, std::uint64_t seed) {
  const Loaded loaded = load_scenario_text(campaign.scenario_text, campaign.sweep.scenario,
                                           {.set = campaign.settings(point), .seed = seed});
  if (!loaded.scenario) return refusal(loaded.errors).dump();
  try {
    const Json results = Json::parse(report_json(run_quietly(*loaded.scenario)));
    Json out{{"status", kRunOk},
             {"verdict", results.at("verdict")},
             {"fingerprint", results.at("fingerprint")},
             {"decisions_fingerprint", results.at("decisions_fingerprint")}};
    keep_metrics(campaign.sweep.metrics, results, out);
    return out.dump();
  } catch (const PlatformError& error) {
    return refusal(fmt::format("platform: {}", error.what())).dump();
  }
}

RunRecord record_of(const Workers::Ended& ended, std::map<std::string, std::string>& missing) {
  char host[256] = {};
  static_cast<void>(::gethostname(host, sizeof host - 1));
  RunRecord run{.status = std::string(kRunCrashed), .wall_time_s = ended.wall_time_s, .host = host};
  const Json result = Json::parse(ended.output, nullptr, false);
  if (ended.timed_out) {
    run.status = kRunTimedOut;
    run.reason = "killed at the time limit";
  } else if (!ended.crash.empty() || !result.is_object()) {
    run.reason = ended.crash.empty() ? "ended without a result" : one_line(ended.crash);
  } else {
    run.status = result.at("status");
    run.reason = result.value("reason", "");
    run.verdict = result.value("verdict", "");
    run.fingerprint = result.value("fingerprint", "");
    run.decisions_fingerprint = result.value("decisions_fingerprint", "");
    for (const Json& metric : result.value("metrics", Json::array()))
      run.metrics.push_back({metric.at(0), metric.at(1), metric.at(2)});
    const Json hints = result.value("missing", Json::object());
    for (const auto& [name, hint] : hints.items()) missing.emplace(name, hint);
  }
  return run;
}

}  // namespace conclave
