#include "sweep/blocks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/params.hpp"
#include "sweep/axis.hpp"
#include "sweep/samplers.hpp"

namespace conclave {

namespace {

/// The options of a sampler, beside what it draws: `over`.
struct SamplerSection {
  std::uint32_t points = 0;
  std::uint64_t seed = 0;
  static const ParamTable& params() {
    static const auto table = Params<SamplerSection>()
                                  .require("points", &SamplerSection::points, "how many to draw",
                                           {.least = 1, .most = static_cast<std::uint32_t>(kPointsMax)})
                                  .add("seed", &SamplerSection::seed, "of the draws");
    return table;
  }
};

bool is_map(const Value& written, std::string_view expected, Diagnostics& diagnostics) {
  if (written.is_map() && !written.entries.empty()) return true;
  diagnostics.error(written.at, fmt::format("found {}", written.is_map() ? "an empty map" : written.describe()),
                    fmt::format("expected {}", expected));
  return false;
}

void add_path(PointSet& set, const Value::Entry& entry) {
  if (std::find(set.paths.begin(), set.paths.end(), entry.key) != set.paths.end()) return;
  set.paths.push_back(entry.key);
  set.places.push_back(entry.at);
}

/// True, after reporting it, if combining `a` with `b` would give too many points.
bool too_many(std::size_t a, std::size_t b, Location at, Diagnostics& diagnostics) {
  if (b == 0 || a <= kPointsMax / b) return false;
  diagnostics.error(at, fmt::format("{} times {} points are too many: {} at most", a, b, kPointsMax));
  return true;
}

std::vector<Point> combine(const std::vector<Point>& outer, const std::vector<Point>& inner) {
  std::vector<Point> all;
  for (const Point& a : outer) {
    for (const Point& b : inner) {
      all.push_back(a);
      all.back().parameters.insert(all.back().parameters.end(), b.parameters.begin(), b.parameters.end());
    }
  }
  return all;
}

PointSet read_grid(const Value& written, Diagnostics& diagnostics) {
  PointSet set{.points = {Point{}}};
  if (!is_map(written, "`path: values` for each parameter", diagnostics)) return {};
  for (const Value::Entry& entry : written.entries) {
    add_path(set, entry);
    std::vector<Point> axis;
    for (std::string& value : read_axis(entry.value, diagnostics)) axis.push_back({{{entry.key, std::move(value)}}});
    if (too_many(set.points.size(), axis.size(), entry.at, diagnostics)) return set;
    set.points = combine(set.points, axis);
  }
  return set;
}

PointSet read_zip(const Value& written, Diagnostics& diagnostics) {
  PointSet set;
  if (!is_map(written, "`path: values` for each parameter, all of one length", diagnostics)) return set;
  for (const Value::Entry& entry : written.entries) {
    add_path(set, entry);
    const std::vector<std::string> values = read_axis(entry.value, diagnostics);
    if (values.empty()) continue;
    if (set.points.empty()) set.points.resize(values.size());
    if (set.points.size() != values.size()) {
      diagnostics.error(entry.at, fmt::format("{} values beside {}: what is zipped has one length", values.size(),
                                              set.points.size()));
      continue;
    }
    for (std::size_t i = 0; i < values.size(); i++) set.points[i].parameters.push_back({entry.key, values[i]});
  }
  return set;
}

PointSet read_list(const Value& written, Diagnostics& diagnostics) {
  PointSet set;
  if (!written.is_list() || written.items.empty()) {
    diagnostics.error(written.at, fmt::format("found {}", written.is_list() ? "an empty list" : written.describe()),
                      "expected a list of points: `{ path: value, path: value }`");
    return set;
  }
  for (const Value& item : written.items) {
    if (!is_map(item, "a point: `{ path: value, path: value }`", diagnostics)) continue;
    Point point;
    for (const Value::Entry& entry : item.entries) {
      add_path(set, entry);
      point.parameters.push_back({entry.key, flow_text(entry.value)});
    }
    set.points.push_back(std::move(point));
  }
  return set;
}

using Sampler = UnitPoints(std::size_t points, std::size_t dimensions, std::uint64_t seed);

PointSet read_sampler(const Value& written, Sampler* sampler, Diagnostics& diagnostics) {
  PointSet set;
  if (!is_map(written, "`points` and `over`", diagnostics)) return set;
  const Value* over = written.find("over");
  if (!over) {
    diagnostics.error(written.at, "`over` is missing", "as in `over: { path: 1ms..9ms }`");
    return set;
  }
  Value options = written;
  std::erase_if(options.entries, [](const Value::Entry& entry) { return entry.key == "over"; });
  const std::size_t errors = diagnostics.count();
  SamplerSection section;
  SamplerSection::params().read(options, &section, diagnostics);
  if (!is_map(*over, "`path: range` for each parameter", diagnostics)) return set;
  std::vector<DrawnAxis> axes;
  for (const Value::Entry& entry : over->entries) {
    add_path(set, entry);
    if (auto axis = read_drawn_axis(entry.value, diagnostics)) axes.push_back(std::move(*axis));
  }
  if (axes.size() > kSobolDimensionsMax)
    diagnostics.error(over->at, fmt::format("{} parameters: {} at most", axes.size(), kSobolDimensionsMax));
  if (diagnostics.count() != errors) return set;
  for (const std::vector<double>& row : sampler(section.points, axes.size(), section.seed)) {
    set.points.emplace_back();
    for (std::size_t i = 0; i < axes.size(); i++)
      set.points.back().parameters.push_back({over->entries[i].key, axes[i].value(row[i])});
  }
  return set;
}

PointSet read_block(const Value& block, Diagnostics& diagnostics) {
  static const std::vector<std::string> kNames{"grid", "zip", "list", "latin_hypercube", "sobol"};
  if (!block.is_map() || block.entries.size() != 1) {
    diagnostics.error(block.at, fmt::format("found {}", block.describe()),
                      "expected one of `grid: {…}`, `zip: {…}`, `list: […]`, `latin_hypercube: {…}`, `sobol: {…}`");
    return {};
  }
  const auto& [name, at, written] = block.entries.front();
  if (name == "grid") return read_grid(written, diagnostics);
  if (name == "zip") return read_zip(written, diagnostics);
  if (name == "list") return read_list(written, diagnostics);
  if (name == "latin_hypercube") return read_sampler(written, &latin_hypercube, diagnostics);
  if (name == "sobol") return read_sampler(written, &sobol, diagnostics);
  diagnostics.error(at, fmt::format("unknown way to choose points `{}`", name), suggestion(name, kNames));
  return {};
}

void remove_doubles(std::vector<Point>& points) {
  std::set<std::string> seen;
  std::erase_if(points, [&](const Point& point) { return !seen.insert(point.text()).second; });
}

/// Whether the value is among those that an entry of `exclude` names: itself, in a list, or in a range.
bool matches(const std::string& value, const Value& written) {
  if (written.is_list())
    return std::any_of(written.items.begin(), written.items.end(),
                       [&](const Value& item) { return matches(value, item); });
  const std::string text = flow_text(written);
  if (text == value) return true;
  const auto found = parse_quantity(value);
  if (const auto wanted = parse_quantity(text)) return found == wanted;
  const auto range = parse_range(text);
  return range && found && found->kind == range->low.kind && found->steps >= range->low.steps &&
         found->steps <= range->high.steps;
}

bool matches(const Point& point, const Value& pattern) {
  return std::all_of(pattern.entries.begin(), pattern.entries.end(), [&](const Value::Entry& entry) {
    const std::string* value = point.find(entry.key);
    return value && matches(*value, entry.value);
  });
}

}  // namespace

PointSet read_blocks(const Value& written, Diagnostics& diagnostics) {
  PointSet all{.points = {Point{}}};
  for (const Value& block : written.items) {
    PointSet set = read_block(block, diagnostics);
    for (std::size_t i = 0; i < set.paths.size(); i++) {
      if (std::find(all.paths.begin(), all.paths.end(), set.paths[i]) != all.paths.end())
        diagnostics.error(set.places[i], fmt::format("`{}` is set by an earlier block already", set.paths[i]));
      all.paths.push_back(set.paths[i]);
      all.places.push_back(set.places[i]);
    }
    if (too_many(all.points.size(), set.points.size(), block.at, diagnostics)) return {};
    if (!set.points.empty()) all.points = combine(all.points, set.points);  // what is empty has been reported
  }
  remove_doubles(all.points);
  return all;
}

void exclude_points(PointSet& set, const Value& written, Diagnostics& diagnostics) {
  for (const Value& pattern : written.items) {
    if (!is_map(pattern, "what to leave out: `{ path: value, path: [value, value] }`", diagnostics)) continue;
    bool known = true;
    for (const Value::Entry& entry : pattern.entries) {
      if (std::find(set.paths.begin(), set.paths.end(), entry.key) != set.paths.end()) continue;
      diagnostics.error(entry.at, fmt::format("`{}` is no parameter of this sweep", entry.key),
                        suggestion(entry.key, set.paths));
      known = false;
    }
    if (known && std::erase_if(set.points, [&](const Point& point) { return matches(point, pattern); }) == 0)
      diagnostics.error(pattern.at, "there is no such point to leave out");
  }
}

void include_points(PointSet& set, const Value& written, Diagnostics& diagnostics) {
  if (written.items.empty()) return;
  PointSet more = read_list(written, diagnostics);
  for (std::size_t i = 0; i < more.paths.size(); i++) {
    if (std::find(set.paths.begin(), set.paths.end(), more.paths[i]) != set.paths.end()) continue;
    set.paths.push_back(more.paths[i]);
    set.places.push_back(more.places[i]);
  }
  for (Point& point : more.points) set.points.push_back(std::move(point));
  remove_doubles(set.points);
}

}  // namespace conclave
