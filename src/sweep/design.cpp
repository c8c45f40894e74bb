#include "sweep/design.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "scenario/yaml.hpp"
#include "sweep/axis.hpp"
#include "sweep/blocks.hpp"
#include "sweep/units.hpp"

namespace conclave {

namespace {

/// A part that is read by its own rules.
struct Written {
  Value value;
};

/// The keys of the file.
struct SweepSection {
  std::string title;
  std::string scenario;
  Written set{Value::map()};
  Written parameters{Value::list()};
  Written exclude{Value::list()};
  Written include{Value::list()};
  std::optional<std::uint64_t> seed;
  std::uint32_t repetitions = 1;
  std::optional<StopRule> until;
  Written metrics{Value::list()};
  Duration time_limit = std::chrono::minutes(10);
};

}  // namespace

template <>
struct ParamType<Written> {
  static std::string name() { return "see above"; }
  static std::string schema() { return "{}"; }
  static std::optional<Written> read(const Value& value, Diagnostics&) { return Written{value}; }
  static Value write(const Written& written) { return written.value; }
};

const ParamTable& StopRule::params() {
  static const auto table =
      Params<StopRule>()
          .require("metric", &StopRule::metric, "whose mean is to be known: the name of one of `metrics`")
          .require("rel_ci", &StopRule::rel_ci, "half the confidence interval, relative to the mean, that is enough",
                   {.least = Factor{1}})
          .require("max", &StopRule::max, "repetitions of a point at most", {.least = 2, .most = kRepetitionsMax})
          .add("confidence", &StopRule::confidence, "of the interval, by Student's t")
          .add("every", &StopRule::every, "repetitions between two looks at the interval, which may run side by side",
               {.least = 1, .most = kRepetitionsMax});
  return table;
}

const ParamTable& sweep_params() {
  static const auto table =
      Params<SweepSection>()
          .add("title", &SweepSection::title, "what this sweep shows; the file's name by default")
          .require("scenario", &SweepSection::scenario, "the scenario, relative to the sweep file")
          .add("set", &SweepSection::set, "a map: what is changed for all points, `path: value`")
          .add("parameters", &SweepSection::parameters, "a list of blocks, combined each with each")
          .add("exclude", &SweepSection::exclude, "a list of points to leave out; a value may be a list or a range")
          .add("include", &SweepSection::include, "a list of points to add")
          .add("seed", &SweepSection::seed, "of the first repetition, the next one for the second; the scenario's")
          .add("repetitions", &SweepSection::repetitions, "of each point, with the same seeds at every point",
               {.least = 1, .most = kRepetitionsMax})
          .add("until", &SweepSection::until, "repeat each point until a mean is known")
          .add("metrics", &SweepSection::metrics, "what to keep of a run; all numbers of the results by default")
          .add("time_limit", &SweepSection::time_limit, "of each run, on the clock on the wall",
               {.least = Duration(1)});
  return table;
}

namespace {

void read_metrics(const Value& written, Sweep& sweep, Diagnostics& diagnostics) {
  if (written.is_list()) {
    for (const Value& item : written.items) {
      if (!item.is_scalar()) {
        diagnostics.error(item.at, fmt::format("found {}", item.describe()), "expected a path into the results");
        continue;
      }
      sweep.metrics.push_back({item.text, item.text, unit_of_path(item.text)});
    }
    return;
  }
  if (!written.is_map())
    return diagnostics.error(written.at, fmt::format("found {}", written.describe()),
                             "expected a list of paths into the results, or `name: path` for each");
  for (const Value::Entry& entry : written.entries) {
    const Value* path = entry.value.is_map() ? entry.value.find("path") : &entry.value;
    const Value* unit = entry.value.is_map() ? entry.value.find("unit") : nullptr;
    if (!path || !path->is_scalar() || (unit && !unit->is_scalar())) {
      diagnostics.error(entry.value.at, fmt::format("found {}", entry.value.describe()),
                        "expected a path into the results, or `{ path: PATH, unit: UNIT }`");
      continue;
    }
    sweep.metrics.push_back({entry.key, path->text, unit ? unit->text : unit_of_path(path->text)});
  }
}

void check_until(const Value& document, const Sweep& sweep, Diagnostics& diagnostics) {
  if (!sweep.until) return;
  const Value& written = *document.find("until");
  if (sweep.until->max < sweep.repetitions)
    diagnostics.error(written.at,
                      fmt::format("`max` is below the {} repetitions that every point gets", sweep.repetitions));
  if (sweep.until->confidence == Probability::of(1) || sweep.until->confidence == Probability())
    diagnostics.error(written.at, "`confidence` lies between 0% and 100%, and is neither");
  std::vector<std::string> names;
  for (const MetricSpec& metric : sweep.metrics) names.push_back(metric.name);
  if (!names.empty() && std::find(names.begin(), names.end(), sweep.until->metric) == names.end()) {
    const Value* metric = written.find("metric");
    diagnostics.error(metric ? metric->at : written.at,
                      fmt::format("`{}` is not among the metrics that are kept", sweep.until->metric),
                      suggestion(sweep.until->metric, names));
  }
}

bool is_list(const Value& value, std::string_view key, Diagnostics& diagnostics) {
  if (value.is_list()) return true;
  diagnostics.error(value.at, fmt::format("`{}` is a list; found {}", key, value.describe()));
  return false;
}

void read_points(const SweepSection& section, Sweep& sweep, Diagnostics& diagnostics) {
  bool lists = true;
  for (const auto& [key, written] :
       {std::pair("parameters", &section.parameters), {"exclude", &section.exclude}, {"include", &section.include}})
    lists = is_list(written->value, key, diagnostics) && lists;
  if (!lists) return;
  const std::size_t errors = diagnostics.count();
  PointSet set = read_blocks(section.parameters.value, diagnostics);
  if (diagnostics.count() == errors) exclude_points(set, section.exclude.value, diagnostics);
  include_points(set, section.include.value, diagnostics);
  if (set.points.empty() && diagnostics.count() == errors)
    diagnostics.error(section.exclude.value.at, "no points are left");
  sweep.paths = std::move(set.paths);
  sweep.path_places = std::move(set.places);
  sweep.points = std::move(set.points);
}

std::optional<Sweep> read_sweep(const Value& document, const std::filesystem::path& file, Diagnostics& diagnostics) {
  SweepSection section;
  sweep_params().read(document, &section, diagnostics);
  Sweep sweep{.file = file,
              .name = file.stem().string(),
              .title = section.title.empty() ? file.stem().string() : section.title,
              .scenario = (file.parent_path() / section.scenario).lexically_normal(),
              .seed = section.seed,
              .repetitions = section.repetitions,
              .until = section.until,
              .time_limit = section.time_limit};
  if (section.set.value.is_map()) {
    for (const Value::Entry& entry : section.set.value.entries)
      sweep.fixed.push_back(fmt::format("{}={}", entry.key, flow_text(entry.value)));
  } else {
    diagnostics.error(section.set.value.at, fmt::format("`set` is a map; found {}", section.set.value.describe()));
  }
  read_points(section, sweep, diagnostics);
  read_metrics(section.metrics.value, sweep, diagnostics);
  if (diagnostics.empty()) check_until(document, sweep, diagnostics);
  if (!diagnostics.empty()) return std::nullopt;
  return sweep;
}

}  // namespace

std::string Point::text() const {
  std::string out;
  for (const Parameter& parameter : parameters)
    out += fmt::format("{}{}={}", out.empty() ? "" : " ", parameter.path, parameter.value);
  return out;
}

std::vector<std::string> Point::settings() const {
  std::vector<std::string> all;
  for (const Parameter& parameter : parameters) all.push_back(fmt::format("{}={}", parameter.path, parameter.value));
  return all;
}

const std::string* Point::find(std::string_view path) const {
  for (const Parameter& parameter : parameters)
    if (parameter.path == path) return &parameter.value;
  return nullptr;
}

LoadedSweep load_sweep_text(std::string_view text, const std::filesystem::path& file) {
  LoadedSweep loaded{.source = std::string(text)};
  Diagnostics diagnostics;
  if (const std::optional<Value> document = parse_yaml(text, diagnostics)) {
    if (document->is_map()) {
      loaded.sweep = read_sweep(*document, file, diagnostics);
    } else {
      params_detail::wrong_type(*document, "a sweep: `scenario`, `parameters`…", diagnostics);
    }
  }
  if (!loaded.sweep) loaded.errors = diagnostics.text(file.string(), text);
  return loaded;
}

LoadedSweep load_sweep(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed))
    return {.errors = fmt::format("{}: error: there is no such file\n", file.string())};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return {.errors = fmt::format("{}: error: cannot read: {}\n", file.string(), std::strerror(errno))};
  return load_sweep_text(std::string{std::istreambuf_iterator<char>(stream), {}}, file);
}

}  // namespace conclave
