#include "scenario/sections.hpp"

#include <algorithm>
#include <charconv>

#include "scenario/choices.hpp"

namespace conclave {

namespace {

/// Requests of one agent at most.
constexpr std::uint64_t kRequestsMax = 1'000'000'000;
/// Largest request: a payload is counted in 32 bits.
constexpr ByteCount kPayloadMax{std::uint64_t{1} << 30};
constexpr ByteCount kHeaderMax{std::uint64_t{1} << 20};
constexpr std::uint32_t kCoresMax = 4096;
constexpr std::uint32_t kRacksMax = 100'000;

constexpr Limits<Bandwidth> kSomeBandwidth{.least = Bandwidth{1}};
constexpr Limits<ComputeSpeed> kSomeSpeed{.least = ComputeSpeed{1}};
constexpr Limits<std::uint32_t> kSomeCores{.least = 1, .most = kCoresMax};
constexpr Limits<std::uint32_t> kSomeHosts{.least = 1, .most = kHostsMax};

/// One name, or a list of names.
bool is_names(const Value& value) {
  return value.is_scalar() || (value.is_list() && std::all_of(value.items.begin(), value.items.end(),
                                                              [](const Value& item) { return item.is_scalar(); }));
}

void add_sections(const ParamTable& table, std::vector<SectionInfo>& all) {
  for (const ParamTable::Param& param : table.params())
    if (param.section) all.push_back({param.name, param.meaning, param.section});
  for (const ParamTable::Param& param : table.params())
    if (param.section) add_sections(*param.section, all);
}

}  // namespace

const ParamTable& StarPlatform::params() {
  static const auto table =
      Params<StarPlatform>()
          .require("hosts", &StarPlatform::hosts, "hosts around the switch: host-0, host-1, …", kSomeHosts)
          .add("latency", &StarPlatform::latency, "of a host's link; two hosts are two links apart")
          .add("spread", &StarPlatform::spread,
               "links differ: host-1 has this much more latency than host-0, host-2 twice as much, and so on")
          .add("bandwidth", &StarPlatform::bandwidth, "of a host's link, in each direction", kSomeBandwidth)
          .add("speed", &StarPlatform::speed, "of one core", kSomeSpeed)
          .add("cores", &StarPlatform::cores, "of a host", kSomeCores);
  return table;
}

const ParamTable& RegionsPlatform::params() {
  static const auto table =
      Params<RegionsPlatform>()
          .require("names", &RegionsPlatform::names, "names of the regions")
          .require("round_trips", &RegionsPlatform::round_trips,
                   "round-trip times: a row for each region, symmetric, with the time within a region on the diagonal")
          .add("hosts", &RegionsPlatform::hosts, "hosts in each region", kSomeHosts)
          .add("bandwidth", &RegionsPlatform::bandwidth, "of a host's link, in each direction", kSomeBandwidth)
          .add("core_bandwidth", &RegionsPlatform::core_bandwidth, "of a link between two regions", kSomeBandwidth)
          .add("speed", &RegionsPlatform::speed, "of one core", kSomeSpeed)
          .add("cores", &RegionsPlatform::cores, "of a host", kSomeCores);
  return table;
}

const ParamTable& ClusterPlatform::params() {
  static const auto table =
      Params<ClusterPlatform>()
          .add("racks", &ClusterPlatform::racks, "racks around the core switch", {.least = 1, .most = kRacksMax})
          .require("hosts", &ClusterPlatform::hosts, "hosts in each rack", kSomeHosts)
          .add("latency", &ClusterPlatform::latency, "of a host's link")
          .add("bandwidth", &ClusterPlatform::bandwidth, "of a host's link, in each direction", kSomeBandwidth)
          .add("uplink_latency", &ClusterPlatform::uplink_latency, "of the link between a rack and the core switch")
          .add("uplink_bandwidth", &ClusterPlatform::uplink_bandwidth, "of the link between a rack and the core switch",
               kSomeBandwidth)
          .add("speed", &ClusterPlatform::speed, "of one core", kSomeSpeed)
          .add("cores", &ClusterPlatform::cores, "of a host", kSomeCores);
  return table;
}

const ParamTable& PlatformSection::params() {
  static const auto table =
      Params<PlatformSection>()
          .add("file", &PlatformSection::file, "a SimGrid platform file, relative to the scenario")
          .add("star", &PlatformSection::star, "hosts around one switch")
          .add("regions", &PlatformSection::regions, "groups of hosts, far from each other")
          .add("cluster", &PlatformSection::cluster, "racks of hosts around a core switch");
  return table;
}

const ParamTable& NetworkSection::params() {
  static const auto table =
      Params<NetworkSection>()
          .add("model", &NetworkSection::model,
               "message: each message queues at both access links; flow: all messages share SimGrid's fluid network")
          .add("fluid", &NetworkSection::fluid, "SimGrid's model of flows")
          .add("flow_above", &NetworkSection::flow_above,
               "with `model: message`, messages above this size are flows all the same", {.least = ByteCount{1}})
          .add("header", &NetworkSection::header, "added to each message", {.most = kHeaderMax})
          .add("loopback", &NetworkSection::loopback, "latency between two agents of one host");
  return table;
}

const ParamTable& CryptoSection::params() {
  static const auto table =
      Params<CryptoSection>()
          .add("signatures", &CryptoSection::signatures,
               "ed25519: real ones; modelled: tokens of the same size and cost, faster to simulate")
          .add("sign", &CryptoSection::sign, "time that an agent spends on signing")
          .add("verify", &CryptoSection::verify, "time that an agent spends on verifying");
  return table;
}

const ParamTable& WorkloadSection::params() {
  static const auto table =
      Params<WorkloadSection>()
          .require("requests", &WorkloadSection::requests, "requests of each agent", {.most = kRequestsMax})
          .add("every", &WorkloadSection::every, "time between two requests", {.least = Duration(1)})
          .add("start", &WorkloadSection::start, "time of the first request")
          .add("payload", &WorkloadSection::payload, "size of a request", {.most = kPayloadMax});
  return table;
}

const ParamTable& GroupSection::params() {
  static const auto table =
      Params<GroupSection>()
          .require("group", &GroupSection::name, "name of the group")
          .require("count", &GroupSection::count, "agents in it", {.least = 1, .most = kAgentsMax})
          .require("stack", &GroupSection::stack,
                   "what an agent runs: layers, outermost first, then one protocol; options of each follow under a key "
                   "of its name")
          .add("handling", &GroupSection::handling, "time that an agent spends on each input")
          .add("hosts", &GroupSection::hosts,
               "hosts that its agents are dealt to in turn; `*` stands for any text; empty for all hosts")
          .add("workload", &GroupSection::workload, "requests that its agents receive");
  return table;
}

const ParamTable& FaultSection::params() {
  static const auto table =
      Params<FaultSection>()
          .require("behaviour", &FaultSection::behaviour, "what these agents do; its options follow as further keys")
          .require("agents", &FaultSection::agents, "`replica`, `replica[3]`, `replica[0..2]`, or a list of these");
  return table;
}

const ParamTable& LinkFaultSection::params() {
  static const auto table =
      Params<LinkFaultSection>()
          .require("link", &LinkFaultSection::link, "what links do to messages; its options follow as further keys")
          .add("agents", &LinkFaultSection::agents,
               "links of these agents, in both directions: `replica[3]`, `host:tokyo-*`, or a list of these; without "
               "any of these four keys, all links")
          .add("between", &LinkFaultSection::between,
               "links from agents of one entry of this list to agents of another, both ways")
          .add("senders", &LinkFaultSection::senders, "links from these agents")
          .add("receivers", &LinkFaultSection::receivers, "links to these agents")
          .add("kinds", &LinkFaultSection::kinds, "kinds of messages, such as `prepare`; all if empty")
          .add("from", &LinkFaultSection::from, "messages sent at or after this time")
          .add("until", &LinkFaultSection::until,
               "and before this time; if not given, to the end, or to `heal_at` for what loses messages")
          .add("probability", &LinkFaultSection::probability, "share of those messages, each drawn for itself");
  return table;
}

const ParamTable& SwarmSection::params() {
  static const auto table =
      Params<SwarmSection>()
          .require("of", &SwarmSection::of, "agents that may become victims: those who get the behaviours drawn")
          .add("victims", &SwarmSection::victims, "how many victims a seed draws")
          .add("faults", &SwarmSection::faults, "how many entries of `draw` a seed draws")
          .require("draw", &SwarmSection::draw,
                   "entries as in `faults`, without agents for behaviours; a number or quantity can be a range: "
                   "`1..3`, `0%..5%`, `1ms..20ms`");
  return table;
}

const ParamTable& OutageSection::params() {
  static const auto table = Params<OutageSection>()
                                .add("host", &OutageSection::host, "the host that is off; it or a link must be named")
                                .add("link", &OutageSection::link, "the link that is off")
                                .require("at", &OutageSection::at, "when it goes off")
                                .add("until", &OutageSection::until, "when it is back; never by default");
  return table;
}

const ParamTable& ScenarioSection::params() {
  static const auto table =
      Params<ScenarioSection>()
          .add("title", &ScenarioSection::title, "what this scenario shows; the file's name by default")
          .require("seed", &ScenarioSection::seed, "of all that is drawn at random")
          .require("platform", &ScenarioSection::platform, "hosts and links: exactly one of its keys")
          .add("network", &ScenarioSection::network, "how messages travel")
          .add("crypto", &ScenarioSection::crypto, "signatures and what they cost")
          .add("executor", &ScenarioSection::executor,
               "automatic picks the fastest that can; exact is the reference; results are the same")
          .require("agents", &ScenarioSection::agents, "groups of agents")
          .add("faults", &ScenarioSection::faults, "agents and links that misbehave")
          .add("swarm", &ScenarioSection::swarm,
               "ranges of faults from which `conclave swarm` and `conclave run --swarm` draw; other runs ignore it")
          .add("outages", &ScenarioSection::outages, "hosts and links that are off for a time")
          .add("heal_at", &ScenarioSection::heal_at,
               "from here on the network delivers, and promises of progress count")
          .require("stop_at", &ScenarioSection::stop_at, "the run ends here at the latest", {.least = Duration{1}})
          .add("checks", &ScenarioSection::checks, "names of checkers; `name: {…}` gives one its options")
          .add("expect", &ScenarioSection::expect,
               "what `conclave test` must find; other commands only check its form");
  return table;
}

std::vector<SectionInfo> all_sections() {
  std::vector<SectionInfo> all{{"scenario", "the whole file", &ScenarioSection::params()}};
  add_sections(ScenarioSection::params(), all);
  all.push_back({"link_faults", "an entry of `faults` with the key `link`", &LinkFaultSection::params()});
  for (const ComponentInfo& component : all_components()) add_sections(*component.params, all);
  return all;
}

std::optional<CountRange> ParamType<CountRange>::read(const Value& value, Diagnostics& diagnostics) {
  const auto number = [](std::string_view text, std::uint32_t& out) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    return failed == std::errc() && end == text.data() + text.size();
  };
  const std::string_view text = value.text;
  const std::size_t dots = text.find("..");
  CountRange range;
  const bool good = value.is_scalar() && number(text.substr(0, dots), range.least) &&
                    number(dots == text.npos ? text : text.substr(dots + 2), range.most) && range.least <= range.most;
  if (good) return range;
  params_detail::wrong_type(value, "a number such as `2`, or a range such as `0..2`", diagnostics);
  return std::nullopt;
}

std::optional<LinkEnd> ParamType<LinkEnd>::read(const Value& value, Diagnostics& diagnostics) {
  if (is_names(value)) return LinkEnd{value};
  params_detail::wrong_type(value, "agents such as `replica`, `replica[0..2]`, `host:tokyo-*`, or a list of these",
                            diagnostics);
  return std::nullopt;
}

std::optional<Selection> ParamType<Selection>::read(const Value& value, Diagnostics& diagnostics) {
  if (is_names(value)) return Selection{value};
  params_detail::wrong_type(value, "agents such as `replica`, `replica[3]`, `replica[0..2]`, or a list of these",
                            diagnostics);
  return std::nullopt;
}

}  // namespace conclave
