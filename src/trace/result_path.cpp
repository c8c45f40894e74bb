#include "trace/result_path.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace conclave {

namespace {

using Json = nlohmann::json;

std::optional<std::size_t> read_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Collects what `path` leads to from `from`; `[]` stands for every entry of a list.
void follow(const Json& from, std::string_view path, std::vector<const Json*>& found) {
  if (path.starts_with('.')) path.remove_prefix(1);
  if (path.empty()) return found.push_back(&from);
  if (path.starts_with('[')) {
    const std::size_t end = path.find(']');
    if (end == std::string_view::npos || !from.is_array()) return;
    const std::string_view inside = path.substr(1, end - 1);
    const std::string_view rest = path.substr(end + 1);
    if (inside.empty()) {
      for (const Json& item : from) follow(item, rest, found);
    } else if (const auto position = read_number(inside); position && *position < from.size()) {
      follow(from[*position], rest, found);
    }
    return;
  }
  if (!from.is_object()) return;
  // A key may hold dots itself: the shortest beginning of the path that is a key is the step.
  for (std::size_t end = path.find_first_of(".[");; end = path.find_first_of(".[", end + 1)) {
    const auto entry = from.find(std::string(path.substr(0, end)));
    if (entry != from.end()) return follow(*entry, end == path.npos ? std::string_view() : path.substr(end), found);
    if (end == path.npos) return;
  }
}

std::optional<double> as_number(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? 1.0 : 0.0;
  if (value.is_number()) return value.get<double>();
  return std::nullopt;
}

/// Of a nonempty list; nothing if the function is unknown.
std::optional<double> aggregate(std::string_view function, std::vector<double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  if (function == "sum") return sum;
  if (function == "mean") return sum / static_cast<double>(values.size());
  std::sort(values.begin(), values.end());
  if (function == "min") return values.front();
  if (function == "max") return values.back();
  if (function == "median") return values[values.size() / 2];
  if (!function.starts_with('p')) return std::nullopt;
  const auto percent = read_number(function.substr(1));
  if (!percent || *percent == 0 || *percent > 100) return std::nullopt;
  return values[(values.size() * *percent + 99) / 100 - 1];
}

void collect(const Json& from, const std::string& path, std::vector<std::string>& paths) {
  if (from.is_number()) return paths.push_back(path);
  if (!from.is_object()) return;
  for (const auto& [key, value] : from.items()) collect(value, path.empty() ? key : path + "." + key, paths);
}

}  // namespace

std::optional<Json> find_result(const Json& results, std::string_view path) {
  std::vector<const Json*> found;
  const std::size_t open = path.find('(');
  if (open == std::string_view::npos || !path.ends_with(')')) {
    follow(results, path, found);
    return found.size() == 1 ? std::optional<Json>(*found.front()) : std::nullopt;
  }
  follow(results, path.substr(open + 1, path.size() - open - 2), found);
  const std::string_view function = path.substr(0, open);
  if (function == "count") return Json(found.size());
  std::vector<double> values;
  for (const Json* each : found)
    if (const auto number = as_number(*each)) values.push_back(*number);
  if (values.empty()) return std::nullopt;
  const auto number = aggregate(function, std::move(values));
  return number ? std::optional<Json>(*number) : std::nullopt;
}

std::optional<double> find_number(const Json& results, std::string_view path) {
  const std::optional<Json> found = find_result(results, path);
  return found ? as_number(*found) : std::nullopt;
}

std::vector<std::string> number_paths(const Json& results) {
  std::vector<std::string> paths;
  for (const char* part : {"metrics", "outcome", "sim_time_s"})
    if (const auto entry = results.find(part); entry != results.end()) collect(*entry, part, paths);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace conclave
