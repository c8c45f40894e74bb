// Platforms: placement, the route table against SimGrid's own routes, and what is refused.

#include "engine/platform.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <simgrid/s4u.hpp>

#include "core/random.hpp"
#include "engine/placement.hpp"
#include "engine/route_table.hpp"
#include "engine/stage.hpp"
#include "source_dir.hpp"

using namespace conclave;
using namespace conclave::stage;
using namespace std::chrono_literals;

namespace {

/// Every pair of hosts: the table must say what SimGrid's route says.
void compare_with_simgrid(const Platform& platform, std::size_t zones_expected) {
  int argc = 1;
  std::string name = "test";
  char* argv[] = {name.data(), nullptr};
  simgrid::s4u::Engine engine(&argc, argv);
  build_platform(engine, platform);
  const auto hosts = sorted_hosts(engine);
  std::map<std::string, LinkUse> uses;
  const RouteTable table = read_routes(hosts, std::vector<char>(hosts.size(), true), uses);
  CHECK(table.zones == zones_expected);
  Duration smallest = Duration::max();
  for (std::uint32_t from = 0; from < hosts.size(); from++) {
    for (std::uint32_t to = 0; to < hosts.size(); to++) {
      if (from == to) continue;
      std::vector<simgrid::s4u::Link*> links;
      double latency = 0;
      hosts[from]->route_to(hosts[to], links, &latency);
      const Duration expected(std::llround(latency * 1e9));
      REQUIRE(std::chrono::abs(table.latency(from, to) - expected) <= 2ns);
      double slowest = 1e300;
      for (const auto* link : links) slowest = std::min(slowest, link->get_bandwidth() * 8);
      const SerialisationRate rate =
          slower(slower(table.access[from].up, table.between(from, to).rate), table.access[to].down);
      REQUIRE(rate == SerialisationRate(slowest));
      smallest = std::min(smallest, table.latency(from, to));
    }
  }
  CHECK(table.smallest_latency <= smallest);
  CHECK(table.smallest_latency > Duration::zero());
}

PlatformFile shipped(const std::string& name) {
  return {source_dir() + "/platforms/" + name};
}

std::string write_platform(const std::string& body) {
  const std::string path =
      fmt::format("{}/conclave-platform-{}.xml", std::filesystem::temp_directory_path().string(), getpid());
  std::ofstream(path) << "<?xml version='1.0'?>\n<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
                      << "<platform version=\"4.1\">\n"
                      << body << "\n</platform>\n";
  return path;
}

/// What running two agents on a platform file says.
std::string refusal_of_platform(const std::string& body, const std::string& more = "") {
  const std::string path = write_platform(body);
  const std::string text =
      refusal("platform: { file: " + path + " }\nagents: [ { group: actor, count: 2, stack: [test_actor] } ]\n" + more);
  std::remove(path.c_str());
  return text;
}

const std::string kTwoHosts = R"(<zone id="z" routing="Full"><host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>)";

}  // namespace

TEST_CASE("routes of lan_star.xml") {
  compare_with_simgrid(shipped("lan_star.xml"), 1);
}
TEST_CASE("routes of wan_5_regions.xml") {
  compare_with_simgrid(shipped("wan_5_regions.xml"), 5);
}
TEST_CASE("routes of wan_21_regions.xml") {
  compare_with_simgrid(shipped("wan_21_regions.xml"), 21);
}
TEST_CASE("routes of cluster_two_level.xml") {
  compare_with_simgrid(shipped("cluster_two_level.xml"), 8);
}
TEST_CASE("routes of a generated star") {
  compare_with_simgrid(StarPlatform{.hosts = 40, .spread = 700ns}, 1);
}
TEST_CASE("routes of a generated cluster") {
  compare_with_simgrid(ClusterPlatform{.racks = 4, .hosts = 6}, 4);
}
TEST_CASE("routes of generated regions") {
  compare_with_simgrid(RegionsPlatform{.names = {"a", "b", "c"},
                                       .round_trips = {{1ms, 20ms, 31ms}, {20ms, 2ms, 47ms}, {31ms, 47ms, 3ms}},
                                       .hosts = 7},
                       3);
}
TEST_CASE("routes that no split can express are kept whole") {
  std::string body = R"(<zone id="z" routing="Full">)";
  for (int i = 0; i < 6; i++) body += fmt::format("<host id='h{}' speed='1Gf'/>", i);
  std::string routes;
  for (int i = 0; i < 6; i++) {
    for (int j = i + 1; j < 6; j++) {
      body +=
          fmt::format("<link id='l{}-{}' bandwidth='{}Mbps' latency='{}us'/>", i, j, 10 + i * j, 100 + 17 * i * j + j);
      routes += fmt::format("<route src='h{}' dst='h{}'><link_ctn id='l{}-{}'/></route>", i, j, i, j);
    }
  }
  const std::string path = write_platform(body + routes + "</zone>");
  compare_with_simgrid(PlatformFile{path}, 6);
  std::remove(path.c_str());
}

TEST_CASE("one route that differs from its zone's is found") {
  std::string body = R"(<zone id="z" routing="Full">)";
  std::string routes;
  for (int i = 0; i < 5; i++) {
    body += fmt::format("<host id='h{0}' speed='1Gf'/><link id='l{0}' bandwidth='1Gbps' latency='1ms'/>", i);
  }
  body += "<link id='far' bandwidth='1Gbps' latency='500ms'/>";
  for (int i = 0; i < 5; i++) {
    for (int j = i + 1; j < 5; j++) {
      routes += fmt::format("<route src='h{0}' dst='h{1}'><link_ctn id='l{0}'/>{2}<link_ctn id='l{1}'/></route>", i, j,
                            i == 3 && j == 4 ? "<link_ctn id='far'/>" : "");
    }
  }
  const std::string path = write_platform(body + routes + "</zone>");
  compare_with_simgrid(PlatformFile{path}, 5);
  std::remove(path.c_str());
}

TEST_CASE("a platform that changes by itself is refused") {
  const std::string text = refusal_of_platform(
      R"(<zone id="z" routing="Full"><host id="a" speed="1Gf" state_file="x"/><host id="b" speed="1Gf"/></zone>)");
  CHECK(text.find("state_file") != std::string::npos);
}

TEST_CASE("a platform without a route is refused") {
  CHECK(refusal_of_platform(kTwoHosts + "</zone>").find("no route from host `a` to host `b`") != std::string::npos);
}

TEST_CASE("a link without bandwidth is refused") {
  const std::string text = refusal_of_platform(
      kTwoHosts +
      R"(<link id="l" bandwidth="0bps" latency="1ms"/><route src="a" dst="b"><link_ctn id="l"/></route></zone>)");
  CHECK(text.find("bandwidth") != std::string::npos);
}

TEST_CASE("a broken platform file is refused with what SimGrid says of it") {
  CHECK(refusal_of_platform(R"(<zone id="z" routing="Full"><host id="a" sped="1Gf"/></zone>)").find("sped") !=
        std::string::npos);
  CHECK_FALSE(refusal_of_platform("<zone id='z' routing='Full'><host id='a' speed='1Gf'>").empty());
  CHECK_FALSE(refusal_of_platform(R"(<zone id="z" routing="Full"></zone>)").empty());
}

TEST_CASE("hosts and links that do not exist are refused by name with the nearest one") {
  const std::string star = "platform: { star: { hosts: 3 } }\n";
  const std::string agents = "agents: [ { group: actor, count: 2, stack: [test_actor] } ]\n";
  CHECK(refusal(star + "agents: [ { group: actor, count: 2, stack: [test_actor], hosts: [hots-1] } ]\n")
            .find("did you mean `host-1`") != std::string::npos);
  CHECK(refusal(star + agents + "outages: [ { host: hots-2, at: 1s } ]\n").find("did you mean `host-2`") !=
        std::string::npos);
  CHECK(refusal(star + agents + "outages: [ { link: host-2.lnik, at: 1s } ]\n").find("did you mean `host-2.link`") !=
        std::string::npos);
}

TEST_CASE("agents take all hosts in turn groups that name hosts take those in turn") {
  Scenario scenario;
  for (const auto& [name, count, hosts] :
       {std::tuple{"a", 3u, std::vector<std::string>{}}, {"b", 3u, {"h1", "x*"}}, {"c", 2u, {}}}) {
    GroupSection group;
    group.name = name;
    group.count = count;
    group.hosts = hosts;
    scenario.groups.push_back(group);
  }
  CHECK(place_agents(scenario, {"h0", "h1", "x2", "x3"}) == std::vector<std::uint32_t>{0, 1, 2, 1, 2, 3, 3, 0});
}

TEST_CASE("host patterns") {
  CHECK(matches("a*c", "abbc"));
  CHECK(matches("*", ""));
  CHECK(matches("*-1*", "host-10"));
  CHECK(matches("a*b*c", "aXbYbZc"));
  CHECK_FALSE(matches("a*c", "abb"));
  CHECK_FALSE(matches("a", "ab"));
  CHECK_FALSE(matches("", "a"));
}
