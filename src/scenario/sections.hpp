// The keys of a scenario file, declared once: strict validation, `conclave explain`, the JSON Schema and the resolved
// scenario all read these tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/params.hpp"
#include "scenario/scenario.hpp"

namespace conclave {

/// `platform`: exactly one of these.
struct PlatformSection {
  std::optional<std::string> file;
  std::optional<StarPlatform> star;
  std::optional<RegionsPlatform> regions;
  std::optional<ClusterPlatform> cluster;
  static const ParamTable& params();
};

/// Some agents: `replica`, `replica[3]`, `replica[0..2]`, or a list of these. Which they are, select_agents() tells.
struct Selection {
  Value written;
};

/// The declared keys of one entry of `faults`; the others are options of its behaviour.
struct FaultSection {
  std::string behaviour;
  Selection agents;
  static const ParamTable& params();
};

/// Agents at one end of links: as a Selection, and `host:NAME` for those that live there, `*` standing for any text.
struct LinkEnd {
  Value written;
};

/// The declared keys of an entry of `faults` about links; the others are options of its rule.
struct LinkFaultSection {
  std::string link;
  std::optional<LinkEnd> agents;
  std::optional<std::vector<LinkEnd>> between;
  std::optional<LinkEnd> senders;
  std::optional<LinkEnd> receivers;
  std::vector<std::string> kinds;
  Duration from{};
  std::optional<Duration> until;
  Probability probability = Probability::of(1);
  static const ParamTable& params();
};

/// A list whose entries hold options of the components that they name. Such an entry has no table of its own, so the
/// list is kept as written for read_agents(), read_faults() and read_checks(), who replace it by what they resolved.
template <class Entry>
struct OpenList {
  Value written = Value::list();
};

struct GroupEntry {
  static constexpr std::string_view kType = "list of groups";
  static std::string schema();
  static const ParamTable* table() { return &GroupSection::params(); }
};
struct FaultEntry {
  static constexpr std::string_view kType = "list of faults";
  static std::string schema();
  static const ParamTable* table() { return &FaultSection::params(); }
};
struct CheckEntry {
  static constexpr std::string_view kType = "list of checkers";
  static std::string schema();
  static const ParamTable* table() { return nullptr; }
};

struct SwarmEntry {
  static constexpr std::string_view kType = "list of faults with ranges";
  static std::string schema() { return R"({"type":"object"})"; }
  static const ParamTable* table() { return nullptr; }
};

/// `2`, or `0..2`.
struct CountRange {
  std::uint32_t least = 0;
  std::uint32_t most = 0;
};

/// What `conclave swarm` draws from.
struct SwarmSection {
  Selection of;
  CountRange victims{0, 1};
  CountRange faults{1, 3};
  OpenList<SwarmEntry> draw;
  static const ParamTable& params();
};

/// A map that is read by rules of its own.
struct WrittenMap {
  Value written = Value::map();
};

enum class ExpectedVerdict : std::uint8_t { pass, fail };

/// What `conclave test` holds a run of this scenario against; read by expect.hpp.
struct ExpectSection {
  std::optional<ExpectedVerdict> verdict;
  std::string because;
  WrittenMap checks;
  WrittenMap values;
  static const ParamTable& params();
};

/// The whole file.
struct ScenarioSection {
  std::string title;
  std::uint64_t seed = 0;
  PlatformSection platform;
  NetworkSection network;
  CryptoSection crypto;
  ExecutorChoice executor = ExecutorChoice::automatic;
  OpenList<GroupEntry> agents;
  OpenList<FaultEntry> faults;
  std::optional<SwarmSection> swarm;
  std::vector<OutageSection> outages;
  Duration heal_at{};
  Duration stop_at{};
  OpenList<CheckEntry> checks;
  std::optional<ExpectSection> expect;
  static const ParamTable& params();
};

/// A section as `conclave explain` knows it.
struct SectionInfo {
  std::string name;
  std::string meaning;
  const ParamTable* params;
};
/// The file itself as `scenario`, then every section within it, outer before inner, then those of components' options.
std::vector<SectionInfo> all_sections();

template <>
struct ParamType<Selection> {
  static std::string name() { return "agents"; }
  static std::string schema();
  static std::optional<Selection> read(const Value& value, Diagnostics& diagnostics);
  static Value write(const Selection& selection) { return selection.written; }
};

template <>
struct ParamType<CountRange> {
  static std::string name() { return "range of integers"; }
  static std::string schema() {
    return R"({"anyOf":[{"type":"integer"},{"type":"string","pattern":"^[0-9]+\\.\\.[0-9]+$"}]})";
  }
  static std::optional<CountRange> read(const Value& value, Diagnostics& diagnostics);
  static Value write(const CountRange& range) {
    return Value::scalar(std::to_string(range.least) + ".." + std::to_string(range.most));
  }
};

template <>
struct ParamType<WrittenMap> {
  static std::string name() { return "map"; }
  static std::string schema() { return R"({"type":"object"})"; }
  static std::optional<WrittenMap> read(const Value& value, Diagnostics& diagnostics) {
    if (value.is_map()) return WrittenMap{value};
    params_detail::wrong_type(value, "a map", diagnostics);
    return std::nullopt;
  }
  static Value write(const WrittenMap& map) { return map.written.entries.empty() ? Value() : map.written; }
};

template <>
struct ParamType<LinkEnd> {
  static std::string name() { return "agents or hosts"; }
  static std::string schema();
  static std::optional<LinkEnd> read(const Value& value, Diagnostics& diagnostics);
  static Value write(const LinkEnd& end) { return end.written; }
};

template <class Entry>
struct ParamType<OpenList<Entry>> {
  static std::string name() { return std::string(Entry::kType); }
  static std::string schema() { return R"({"type":"array","items":)" + Entry::schema() + "}"; }
  static std::optional<OpenList<Entry>> read(const Value& value, Diagnostics& diagnostics) {
    if (value.is_list()) return OpenList<Entry>{value};
    params_detail::wrong_type(value, "a list", diagnostics);
    return std::nullopt;
  }
  static Value write(const OpenList<Entry>& list) { return list.written; }
};

template <class Entry>
struct SectionOf<OpenList<Entry>> {
  static const ParamTable* table() { return Entry::table(); }
};

}  // namespace conclave
