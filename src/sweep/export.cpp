#include "sweep/export.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

namespace conclave {

namespace {

/// A row of the table, quoted where it must be.
std::string csv_row(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); i++) {
    if (i > 0) out += ',';
    if (cells[i].find_first_of("\",\r\n") == std::string::npos) {
      out += cells[i];
      continue;
    }
    out += '"';
    for (const char c : cells[i]) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    out += '"';
  }
  return out + "\n";
}

/// Integers without an exponent, other numbers as short as they can be read back.
std::string number_text(double value) {
  constexpr double kExact = 9007199254740992.0;
  if (value == static_cast<double>(static_cast<std::int64_t>(value)) && value > -kExact && value < kExact)
    return fmt::format("{}", static_cast<std::int64_t>(value));
  return fmt::format("{}", value);
}

class Exporter {
 public:
  Exporter(const Store& store, const ExportOptions& options) : store_(store), options_(options), plan_(store.plan()) {}

  const SweepPlan& plan() const { return plan_; }

  template <class Visit>
  void each_run(Visit&& visit) const {
    store_.each_run([&](RunRecord&& run) {
      if (run.seed < plan_.provenance.first_seed) return;  // of repetitions that are asked for no longer
      if (options_.where.has(plan_.points[run.point], run)) visit(run);
    });
  }

  std::vector<std::string> head() const {
    std::vector<std::string> cells{"sweep", "point"};
    cells.insert(cells.end(), plan_.paths.begin(), plan_.paths.end());
    cells.insert(cells.end(),
                 {"repetition", "seed", "status", "reason", "verdict", "fingerprint", "decisions_fingerprint"});
    return cells;
  }

  std::vector<std::string> cells(const RunRecord& run) const {
    std::vector<std::string> cells{plan_.sweep, fmt::format("{}", run.point)};
    for (const std::string& path : plan_.paths) {
      const std::string* value = plan_.points[run.point].find(path);
      cells.push_back(value ? *value : "");
    }
    for (std::string cell : {fmt::format("{}", repetition(run)), fmt::format("{}", run.seed), run.status, run.reason,
                             run.verdict, run.fingerprint, run.decisions_fingerprint})
      cells.push_back(std::move(cell));
    return cells;
  }

  std::vector<std::string> tail_head() const {
    std::vector<std::string> cells{"key", "version", "program", "scenario", "content"};
    if (options_.times) cells.insert(cells.end(), {"wall_time_s", "host"});
    return cells;
  }

  std::vector<std::string> tail(const RunRecord& run) const {
    const Provenance& from = plan_.provenance;
    std::vector<std::string> cells{run.key, from.version, from.program, from.scenario, from.content};
    if (options_.times) cells.insert(cells.end(), {fmt::format("{:.6f}", run.wall_time_s), run.host});
    return cells;
  }

  std::uint64_t repetition(const RunRecord& run) const { return run.seed - plan_.provenance.first_seed; }

  nlohmann::ordered_json to_json(const RunRecord& run) const {
    using Json = nlohmann::ordered_json;
    Json parameters = Json::object(), metrics = Json::object();
    for (const Point::Parameter& parameter : plan_.points[run.point].parameters)
      parameters[parameter.path] = parameter.value;
    for (const Metric& metric : run.metrics) metrics[metric.name] = {{"value", metric.value}, {"unit", metric.unit}};
    const Provenance& from = plan_.provenance;
    Json row{{"sweep", plan_.sweep},
             {"point", run.point},
             {"parameters", std::move(parameters)},
             {"repetition", repetition(run)},
             {"seed", run.seed},
             {"status", run.status},
             {"reason", run.reason},
             {"verdict", run.verdict},
             {"fingerprint", run.fingerprint},
             {"decisions_fingerprint", run.decisions_fingerprint},
             {"metrics", std::move(metrics)},
             {"key", run.key},
             {"provenance",
              {{"version", from.version},
               {"program", from.program},
               {"scenario", from.scenario},
               {"content", from.content}}}};
    if (options_.times) row["wall_time_s"] = run.wall_time_s, row["host"] = run.host;
    return row;
  }

 private:
  const Store& store_;
  const ExportOptions& options_;
  const SweepPlan plan_;
};

void append(std::vector<std::string>& cells, std::vector<std::string> more) {
  cells.insert(cells.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::size_t export_long(const Exporter& exporter, Output& out) {
  std::vector<std::string> head = exporter.head();
  append(head, {"metric", "value", "unit"});
  append(head, exporter.tail_head());
  out.write(csv_row(head));
  std::size_t rows = 0;
  exporter.each_run([&](const RunRecord& run) {
    const auto row = [&](std::vector<std::string> metric) {
      std::vector<std::string> cells = exporter.cells(run);
      append(cells, std::move(metric));
      append(cells, exporter.tail(run));
      out.write(csv_row(cells));
      rows++;
    };
    if (run.metrics.empty()) row({"", "", ""});  // a run without results is a row too
    for (const Metric& metric : run.metrics) row({metric.name, number_text(metric.value), metric.unit});
  });
  return rows;
}

std::size_t export_wide(const Exporter& exporter, Output& out) {
  std::map<std::string, std::string> units;
  exporter.each_run([&](const RunRecord& run) {
    for (const Metric& metric : run.metrics) units.emplace(metric.name, metric.unit);
  });
  std::vector<std::string> head = exporter.head();
  for (const auto& [name, unit] : units) head.push_back(fmt::format("{} [{}]", name, unit));
  append(head, exporter.tail_head());
  out.write(csv_row(head));
  std::size_t rows = 0;
  exporter.each_run([&](const RunRecord& run) {
    std::map<std::string, std::string> values;
    for (const Metric& metric : run.metrics) values[metric.name] = number_text(metric.value);
    std::vector<std::string> cells = exporter.cells(run);
    for (const auto& [name, unit] : units) cells.push_back(values[name]);
    append(cells, exporter.tail(run));
    out.write(csv_row(cells));
    rows++;
  });
  return rows;
}

}  // namespace

std::size_t export_csv(const Store& store, const ExportOptions& options, Output& out) {
  const Exporter exporter(store, options);
  return options.wide ? export_wide(exporter, out) : export_long(exporter, out);
}

std::size_t export_json_lines(const Store& store, const ExportOptions& options, Output& out) {
  const Exporter exporter(store, options);
  std::size_t rows = 0;
  exporter.each_run([&](const RunRecord& run) {
    out.write(exporter.to_json(run).dump() + "\n");
    rows++;
  });
  return rows;
}

}  // namespace conclave
