// `platform`: exactly one kind, of a bearable size. What a platform file holds is for the engine to judge.

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

#include "scenario/draft.hpp"

namespace conclave {

namespace {

void check_host_total(std::uint64_t groups, std::uint64_t hosts, Location at, Diagnostics& diagnostics) {
  if (groups * hosts > kHostsMax)
    diagnostics.error(at, fmt::format("{} times {} hosts are too many", groups, hosts),
                      fmt::format("expected at most {} in all", kHostsMax));
}

/// Makes the path absolute, so that the resolved scenario can be run from any folder.
void read_file(Draft& draft, std::string& file, Location at) {
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::canonical(draft.folder / file, failed);
  if (failed) return draft.diagnostics.error(at, fmt::format("cannot find `{}`: {}", file, failed.message()));
  if (!std::filesystem::is_regular_file(path, failed))
    return draft.diagnostics.error(at, fmt::format("`{}` is not a file", file));
  if (!std::ifstream(path)) return draft.diagnostics.error(at, fmt::format("cannot read `{}`", file));
  file = path.string();
  draft.scenario.platform = PlatformFile{path};
}

/// The last host's latency must still be a duration.
void check_spread(const StarPlatform& star, const Value& written, Diagnostics& diagnostics) {
  if (star.hosts == 0 || star.spread <= (kLongestDuration - star.latency) / star.hosts) return;
  diagnostics.error(place_of(written, "spread"),
                    fmt::format("{} more for each of {} hosts is too long", text(star.spread), star.hosts));
}

void check_region_names(const Value& names, Diagnostics& diagnostics) {
  if (names.items.empty()) diagnostics.error(names.at, "there is no region");
  for (std::size_t i = 0; i < names.items.size(); i++) {
    const Value& name = names.items[i];
    check_name(name.text, "region", name.at, diagnostics);
    for (std::size_t j = 0; j < i; j++)
      if (names.items[j].text == name.text)
        diagnostics.error(name.at, fmt::format("there are two regions {}", name.describe()));
  }
}

/// The matrix must be square and symmetric.
void check_round_trips(const RegionsPlatform& regions, const Value& rows, Diagnostics& diagnostics) {
  const std::size_t n = regions.names.size();
  if (rows.items.size() != n)
    return diagnostics.error(rows.at, fmt::format("{} rows for {} regions", rows.items.size(), n));
  bool square = true;
  for (const Value& row : rows.items) {
    if (row.items.size() == n) continue;
    diagnostics.error(row.at, fmt::format("{} round trips in a row for {} regions", row.items.size(), n));
    square = false;
  }
  for (std::size_t i = 0; square && i < n; i++) {
    for (std::size_t j = 0; j < i; j++) {
      if (regions.round_trips[i][j] == regions.round_trips[j][i]) continue;
      diagnostics.error(rows.items[i].items[j].at,
                        fmt::format("{} from {} to {}, but {} back", text(regions.round_trips[i][j]), regions.names[i],
                                    regions.names[j], text(regions.round_trips[j][i])),
                        "the matrix must be symmetric");
    }
  }
}

/// False if entries of the lists could not be read: those are left out, so the lists' lengths mean nothing.
bool fully_read(const RegionsPlatform& regions, const Value& names, const Value& rows) {
  if (regions.names.size() != names.items.size() || regions.round_trips.size() != rows.items.size()) return false;
  for (std::size_t i = 0; i < rows.items.size(); i++)
    if (regions.round_trips[i].size() != rows.items[i].items.size()) return false;
  return true;
}

void check_regions(const RegionsPlatform& regions, const Value& written, Diagnostics& diagnostics) {
  check_host_total(regions.names.size(), regions.hosts, written.at, diagnostics);
  const Value* names = written.find("names");
  const Value* rows = written.find("round_trips");
  if (!names || !rows || !fully_read(regions, *names, *rows)) return;  // already reported
  check_region_names(*names, diagnostics);
  check_round_trips(regions, *rows, diagnostics);
}

/// Kinds of platform among the keys of the section, in the order of the file.
std::vector<const Value::Entry*> kinds_given(const Value& written) {
  const std::vector<std::string> kinds = PlatformSection::params().names();
  std::vector<const Value::Entry*> given;
  for (const Value::Entry& entry : written.entries)
    if (std::find(kinds.begin(), kinds.end(), entry.key) != kinds.end()) given.push_back(&entry);
  return given;
}

}  // namespace

void read_platform(Draft& draft) {
  const Value* written = draft.document.find("platform");
  if (!written || !written->is_map()) return;
  const std::vector<const Value::Entry*> given = kinds_given(*written);
  const bool misspelt = written->entries.size() > given.size();  // already reported
  if (given.empty() && !misspelt)
    return draft.diagnostics.error(written->at, "no platform is given",
                                   "expected one of: file, star, regions, cluster");
  if (given.size() > 1)
    return draft.diagnostics.error(given[1]->at, fmt::format("`{}` beside `{}`", given[1]->key, given[0]->key),
                                   "a platform is exactly one of: file, star, regions, cluster");
  if (given.empty()) return;

  PlatformSection& platform = draft.section.platform;
  const Value& kind = given[0]->value;
  if (platform.file) read_file(draft, *platform.file, kind.at);
  if (platform.star) {
    check_spread(*platform.star, kind, draft.diagnostics);
    draft.scenario.platform = *platform.star;
  }
  if (platform.regions) {
    check_regions(*platform.regions, kind, draft.diagnostics);
    draft.scenario.platform = *platform.regions;
  }
  if (platform.cluster) {
    check_host_total(platform.cluster->racks, platform.cluster->hosts, kind.at, draft.diagnostics);
    draft.scenario.platform = *platform.cluster;
  }
}

void check_network(Draft& draft) {
  const NetworkSection& network = draft.section.network;
  if (network.model != NetworkModel::flow || !network.flow_above) return;
  draft.diagnostics.error(place_of(*draft.document.find("network"), "flow_above"),
                          "with `model: flow` every message is a flow",
                          "leave `flow_above` out, or use `model: message`");
}

}  // namespace conclave
