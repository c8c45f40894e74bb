// A validated scenario: what the loader makes of a YAML file and what the engine runs. Plain data, owns nothing live.
//
// Each section declares its keys in `params()`, which is where validation, `conclave explain scenario`, the JSON Schema
// and the resolved scenario come from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/catalog.hpp"
#include "core/crypto.hpp"
#include "core/ids.hpp"
#include "core/params.hpp"
#include "core/roster.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace conclave {

/// Agents of one run at most. Their numbers must fit 32 bits with room, and the fixed tables of a run some gigabytes.
inline constexpr std::uint32_t kAgentsMax = 4'000'000;
/// Hosts of a generated platform at most.
inline constexpr std::uint32_t kHostsMax = 1'000'000;

/// A SimGrid platform file; a relative path is relative to the scenario file.
struct PlatformFile {
  std::filesystem::path path;
};

/// Hosts around one switch: two hosts are two link latencies apart.
struct StarPlatform {
  std::uint32_t hosts = 0;
  Duration latency = std::chrono::microseconds(500);
  Duration spread{};
  Bandwidth bandwidth{1'000'000'000};
  ComputeSpeed speed{1'000'000'000};
  std::uint32_t cores = 1;
  static const ParamTable& params();
};

/// Stars in several regions, joined by a full mesh with a given latency between each two.
struct RegionsPlatform {
  std::vector<std::string> names;
  std::vector<std::vector<Duration>> round_trips;  ///< [from][to], symmetric, the diagonal within a region
  std::uint32_t hosts = 1;
  Bandwidth bandwidth{1'000'000'000};
  Bandwidth core_bandwidth{10'000'000'000};
  ComputeSpeed speed{1'000'000'000};
  std::uint32_t cores = 1;
  static const ParamTable& params();
};

/// Two levels: racks of hosts, each behind its switch, joined by one core switch.
struct ClusterPlatform {
  std::uint32_t racks = 1;
  std::uint32_t hosts = 0;  ///< in each rack
  Duration latency = std::chrono::microseconds(10);
  Bandwidth bandwidth{10'000'000'000};
  Duration uplink_latency = std::chrono::microseconds(20);
  Bandwidth uplink_bandwidth{40'000'000'000};
  ComputeSpeed speed{1'000'000'000};
  std::uint32_t cores = 1;
  static const ParamTable& params();
};

using Platform = std::variant<PlatformFile, StarPlatform, RegionsPlatform, ClusterPlatform>;

enum class NetworkModel { message, flow };
enum class FluidModel { CM02, LV08 };
enum class ExecutorChoice { automatic, exact, windowed };

struct NetworkSection {
  NetworkModel model = NetworkModel::message;
  FluidModel fluid = FluidModel::CM02;
  std::optional<ByteCount> flow_above;
  ByteCount header{40};
  Duration loopback = std::chrono::microseconds(10);
  static const ParamTable& params();
};

struct CryptoSection {
  SignatureScheme signatures = SignatureScheme::ed25519;
  Duration sign{};
  Duration verify{};
  static const ParamTable& params();
};

struct WorkloadSection {
  std::uint64_t requests = 0;
  Duration every = std::chrono::milliseconds(100);
  Duration start{};
  ByteCount payload{0};
  static const ParamTable& params();
};

/// One entry of `agents`. Beside the declared keys, an entry holds the options of each element of its stack under that
/// element's name.
struct GroupSection {
  std::string name;
  std::uint32_t count = 0;
  std::vector<std::string> stack;  ///< outermost first: layers, then one protocol
  Duration handling{};             ///< time that an agent spends on each input
  std::vector<std::string> hosts;  ///< names of hosts, `*` for any text; empty for all
  std::optional<WorkloadSection> workload;
  ProtocolCatalog::Chosen protocol;
  std::vector<LayerCatalog::Chosen> layers;  ///< outermost first, as written in `stack`
  static const ParamTable& params();
};

/// One entry of `faults`: these agents misbehave so.
struct BehaviourFault {
  BehaviourCatalog::Chosen behaviour;
  std::vector<AgentId> agents;
  std::string written;  ///< the selection as the scenario has it
};

/// The agents at one end of links: those of the ranges and those that live on hosts of these names (`*` for any text).
struct LinkSide {
  std::vector<AgentRange> agents;
  std::vector<std::string> hosts;
  bool everyone() const { return agents.empty() && hosts.empty(); }
};
struct LinkDirection {
  LinkSide senders;
  std::vector<LinkSide> receivers;
};
/// Directions of one link fault at most: a mask of 32 bits tells which of them an agent belongs to.
inline constexpr std::size_t kLinkDirectionsMax = 32;

/// One entry of `faults`: this happens to messages on these links.
struct LinkFault {
  LinkCatalog::Chosen rule;
  std::vector<LinkDirection> directions;  ///< empty for all links
  std::vector<const RecordType*> kinds;   ///< of messages; empty for all
  Time from;
  Time until;  ///< exclusive
  Probability probability;
  std::uint32_t line = 0;  ///< of the scenario's file; 0 if it came from an override
};

/// One entry of `outages`: a host or a link is off from `at` until `until`.
struct OutageSection {
  std::optional<std::string> host;
  std::optional<std::string> link;
  Duration at{};
  std::optional<Duration> until;
  static const ParamTable& params();
};

struct Scenario {
  std::filesystem::path file;  ///< as given on the command line
  std::string name;            ///< the file's stem
  std::string title;
  std::uint64_t seed = 0;
  Platform platform;
  NetworkSection network;
  CryptoSection crypto;
  ExecutorChoice executor = ExecutorChoice::automatic;
  std::vector<GroupSection> groups;
  std::vector<BehaviourFault> faults;
  std::vector<LinkFault> link_faults;
  std::vector<std::string> drawn;  ///< those of the faults that a swarm has drawn, as one would write them
  std::vector<OutageSection> outages;
  Duration heal_at{};
  Duration stop_at{};
  std::vector<CheckerCatalog::Chosen> checks;

  Roster roster;   ///< the groups' agents, faulty ones marked
  Value resolved;  ///< everything as one could have written it, defaults included
};

}  // namespace conclave
