#include "sweep/identity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "core/hash.hpp"
#include "scenario/yaml.hpp"
#include "trace/output.hpp"

namespace conclave {

namespace {

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string hash_of(const std::string& text) {
  return hash128(text).text();
}

/// The platform files that some point may load, and what is in them.
std::string platform_files(const Sweep& sweep, const Value& document) {
  std::vector<std::string> files;
  const Value* platform = document.find("platform");
  if (platform && platform->is_map())
    if (const Value* file = platform->find("file")) files.push_back(file->text);
  for (const Point& point : sweep.points)
    if (const std::string* file = point.find("platform.file"))
      if (files.empty() || files.back() != *file) files.push_back(*file);
  std::string out;
  for (const std::string& file : files)
    out += fmt::format("{} {}\n", file, hash_of(read_all(sweep.scenario.parent_path() / file)));
  return out;
}

}  // namespace

std::string Provenance::campaign() const {
  return hash_of(fmt::format("{}\n{}\n{}\n", program, content, metrics));
}

Provenance provenance_of(const Sweep& sweep, const Value& document, const std::string& version) {
  std::string content = write_yaml(document) + "\n" + platform_files(sweep, document);
  for (const std::string& setting : sweep.fixed) content += setting + "\n";
  std::string metrics;
  for (const MetricSpec& metric : sweep.metrics)
    metrics += fmt::format("{}\n{}\n{}\n", metric.name, metric.path, metric.unit);
  const std::string program = read_all("/proc/self/exe");
  if (program.empty()) throw OutputError("/proc/self/exe", "cannot read the program, whose hash names its results");
  Provenance provenance{.version = version,
                        .program = hash_of(program),
                        .scenario = sweep.scenario.string(),
                        .content = hash_of(content),
                        .metrics = hash_of(metrics)};
  const Value* seed = document.find("seed");
  std::uint64_t written = 0;
  if (seed) std::from_chars(seed->text.data(), seed->text.data() + seed->text.size(), written);
  provenance.first_seed = sweep.seed.value_or(written);
  return provenance;
}

std::string run_key(const Provenance& provenance, const Point& point, std::uint64_t seed) {
  // Sorted, so that the order in which the sweep file names parameters does not matter.
  std::vector<std::string> settings = point.settings();
  std::sort(settings.begin(), settings.end());
  std::string text = provenance.campaign() + "\n";
  for (const std::string& setting : settings) text += setting + "\n";
  return hash_of(text + fmt::format("{}\n", seed));
}

}  // namespace conclave
