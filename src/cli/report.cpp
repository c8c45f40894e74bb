#include "cli/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/style.hpp"
#include "core/codec.hpp"
#include "core/units.hpp"
#include "scenario/yaml.hpp"
#include "trace/output.hpp"

namespace conclave {

namespace {

std::string json_text(std::string_view text) {
  std::string out;
  codec::append_json_string(out, text);
  return out;
}

std::string checks_json(const Report& report) {
  std::string out;
  for (const CheckResult& check : report.checks) {
    out += fmt::format(R"({}{{"name":{},"verdict":"{}","detail":{}}})", out.empty() ? "" : ",", json_text(check.name),
                       check.verdict.holds ? "pass" : "fail", json_text(check.verdict.detail));
  }
  return "[" + out + "]";
}

std::string outcome_json(const Report& report) {
  std::string out;
  for (const OutcomeResult& outcome : report.outcomes) {
    if (!outcome.json.empty())
      out += fmt::format("{}{}:{}", out.empty() ? "" : ",", json_text(outcome.family), outcome.json);
  }
  return "{" + out + "}";
}

std::string drawn_json(const Scenario& scenario) {
  std::string out;
  for (const std::string& fault : scenario.drawn) out += (out.empty() ? "" : ",") + json_text(fault);
  return "[" + out + "]";
}

/// The part of the results that is equal for equal runs.
std::string verdict_members(const Report& report) {
  return fmt::format(
      R"("scenario":{},"title":{},"seed":{},"version":"{}","executor":"{}","fingerprint":"{}","decisions_fingerprint":"{}",)"
      R"("verdict":"{}","checks":{},"sim_time_s":{:.9f})",
      json_text(report.scenario.file.string()), json_text(report.scenario.title), report.scenario.seed,
      CONCLAVE_VERSION, report.plan.executor, report.result.fingerprint.text(),
      report.result.decisions_fingerprint.text(), report.verdict(), checks_json(report), seconds(report.result.last_event));
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  Output out(path);
  out.write(text);
  out.write("\n");
  out.close();
}

std::string per_second(std::uint64_t count, double wall_s) {
  return rounded_count(static_cast<std::uint64_t>(static_cast<double>(count) / std::max(wall_s, 1e-6)));
}

}  // namespace

bool Report::passed() const {
  return std::all_of(checks.begin(), checks.end(), [](const CheckResult& check) { return check.verdict.holds; });
}

std::string Report::verdict() const {
  if (result.end.interrupted) return "interrupted";
  return passed() ? "pass" : "fail";
}

std::string report_json(const Report& report) {
  return fmt::format(R"({{{},"drawn":{},"wall_time_s":{:.6f},"results":{},"metrics":{},"outcome":{}}})",
                     verdict_members(report), drawn_json(report.scenario), report.wall_time_s, json_text(report.folder),
                     report.result.metrics.json(), outcome_json(report));
}

std::string trace_header(const Scenario& scenario, const RunPlan& plan) {
  return fmt::format(
      R"({{"conclave":"{}","scenario":{},"seed":{},"network":{},"simgrid":"{}","executor":"{}","hosts":{}}})",
      CONCLAVE_VERSION, json_text(scenario.name), scenario.seed, json_text(plan.network), plan.simgrid_version,
      plan.executor, plan.hosts);
}

void write_results(const Report& report, const RunFolder& folder) {
  write_file(folder.path() / "scenario.yaml", write_yaml(report.scenario.resolved));
  write_file(folder.path() / "metrics.json", report.result.metrics.json());
  write_file(folder.path() / "outcome.json", outcome_json(report));
  write_file(folder.path() / kVerdictFile, "{" + verdict_members(report) + "}");
}

std::string report_text(const Report& report, bool colour) {
  const Style style(colour);
  const Scenario& scenario = report.scenario;
  const Metrics& metrics = report.result.metrics;
  std::string out = fmt::format("{}\n", style.bold(scenario.title));
  out += style.dim(fmt::format("{}, seed {}: {} agents on {} hosts, {} executor ({})\nnetwork: {}; SimGrid {}\n\n",
                               scenario.file.string(), scenario.seed, scenario.roster.size(), report.plan.hosts,
                               report.plan.executor, report.plan.executor_reason, report.plan.network,
                               report.plan.simgrid_version));
  for (const std::string& fault : scenario.drawn) out += fmt::format("  drawn: {}\n", fault);
  if (!scenario.drawn.empty()) out += '\n';
  std::size_t width = 11;
  for (const CheckResult& check : report.checks) width = std::max(width, check.name.size());
  for (const CheckResult& check : report.checks) {
    out += fmt::format("  {} {:<{}}  {}\n", check.verdict.holds ? style.green("✔") : style.red("✘"), check.name, width,
                       check.verdict.detail);
  }
  if (report.checks.empty()) out += "  no checks: nothing was judged\n";
  out += '\n';
  const auto line = [&](std::string_view name, std::string_view text) {
    out += fmt::format("    {:<{}}  {}\n", name, width, text);
  };
  for (const OutcomeResult& outcome : report.outcomes)
    if (!outcome.summary.empty()) line(outcome.family, outcome.summary);
  line("messages", fmt::format("{} sent, {} delivered, {} dropped · {}", rounded_count(metrics.messages_sent),
                               rounded_count(metrics.messages_delivered), rounded_count(metrics.dropped()),
                               rounded_bytes(metrics.bytes_sent)));
  if (metrics.latency.count() > 0) {
    line("", fmt::format("latency {} median, {} p99, {} worst", rounded(metrics.latency.percentile(50)),
                         rounded(metrics.latency.percentile(99)), rounded(metrics.latency.most())));
  }
  line("time",
       fmt::format("{} simulated in {:.3f} s · {} deliveries/s", rounded(report.result.last_event.time_since_epoch()),
                   report.wall_time_s, per_second(metrics.messages_delivered, report.wall_time_s)));
  line("fingerprint", report.result.fingerprint.text());
  line("results", report.folder);
  const std::string verdict = report.verdict();
  out += fmt::format("\n{}", verdict == "pass"   ? style.green("PASS")
                             : verdict == "fail" ? style.red("FAIL")
                                                 : style.red("INTERRUPTED"));
  out += fmt::format("   {}\n", style.dim("again: " + report.command));
  return out;
}

}  // namespace conclave
