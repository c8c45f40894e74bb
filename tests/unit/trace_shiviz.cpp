// Judges what the ShiViz exporter writes by the rules that ShiViz itself applies to a log.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "trace/exporters.hpp"
#include "trace/line_reader.hpp"
#include "trace_samples.hpp"

using namespace conclave;
using namespace conclave::trace_samples;

namespace {

constexpr std::string_view kPattern = R"((?<host>\S*) (?<clock>{.*})\n(?<time>\S*) (?<event>.*))";

struct Verdict {
  std::string problem;              ///< empty when ShiViz would take the log
  std::vector<std::string> arrows;  ///< `host:clock -> host:clock`
};

/// Own entries count 1, 2, 3…; other entries grow at one host, and name an event that stands earlier in the log.
Verdict judge(const std::string& log) {
  std::istringstream in(log);
  std::string first, second, head, text;
  std::getline(in, first);
  std::getline(in, second);
  if (first != kPattern || !second.empty()) return {"no header", {}};
  Verdict verdict;
  std::map<std::string, std::map<std::string, std::uint64_t>> clocks;
  const std::regex line(R"((\S*) (\{.*\}))");
  while (std::getline(in, head) && std::getline(in, text)) {
    std::smatch match;
    if (!std::regex_match(head, match, line) || text.empty()) return {"not an event: " + head, {}};
    const std::string host = match[1];
    const auto clock = nlohmann::json::parse(match[2].str()).get<std::map<std::string, std::uint64_t>>();
    if (!clock.contains(host) || clock.at(host) != clocks[host][host] + 1) return {"own clock: " + head, {}};
    for (const auto& [other, time] : clock) {
      if (time <= clocks[host][other]) return {"not growing: " + head, {}};
      if (other != host && time > clocks[other][other]) return {"ahead of its sender: " + head, {}};
      clocks[host][other] = time;
      if (other == host) continue;
      verdict.arrows.push_back(other + ":" + std::to_string(time) + " -> " + host + ":" +
                               std::to_string(clock.at(host)));
    }
  }
  return verdict;
}

std::string exported(const Scratch& scratch, const std::vector<Event>& events, const Roster& roster) {
  write_trace(scratch / "trace", events, roster);
  Output out(scratch / "log");
  const std::uint64_t written = export_shiviz(scratch / "trace", out);
  out.close();
  CHECK(written == events.size());
  return read_file(scratch / "log");
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != text.npos);
  return text.replace(at, what.size(), with);
}

Event sent(std::int64_t ns, std::uint32_t from, std::uint64_t number, std::uint64_t message) {
  return {.time = at_ns(ns), .agent = agent(from), .number = number, .kind = EventKind::sent, .message = message};
}
Event delivered(std::int64_t ns, std::uint32_t at, std::uint64_t number, std::uint32_t from, std::uint64_t message) {
  return {.time = at_ns(ns),
          .agent = agent(at),
          .number = number,
          .kind = EventKind::delivered,
          .peer = agent(from),
          .message = message};
}

}  // namespace

TEST_CASE("shiviz: the log of a small run, exactly so") {
  Scratch scratch;
  CHECK(exported(scratch, small_run(), small_roster()) == std::string(kPattern) + R"(

replica[0] {"replica[0]":1}
0 started
client[0] {"client[0]":1}
1500000 request 1
client[0] {"client[0]":2}
1500000 send trace_vote #7 to many
replica[0] {"replica[0]":2,"client[0]":2}
1500000 deliver trace_vote #7 from client[0]
replica[0] {"replica[0]":3}
1500001 send trace_vote #1 to client[0]
replica[1] {"replica[1]":1}
1600000 drop trace_vote #7 from client[0]: link_off
replica[1] {"replica[1]":2}
1700000 stopped
replica[1] {"replica[1]":3}
1800000 restarted
replica[0] {"replica[0]":4}
1900000 timer 2
replica[0] {"replica[0]":5}
2000000 work done
client[0] {"client[0]":3,"replica[0]":3}
2100001 deliver trace_vote #1 from replica[0]
client[0] {"client[0]":4}
9000000000000 trace_vote {"final":true,"note":"done","seen":[4,5],"view":18446744073709551615,"weight":-3}
)");
}

TEST_CASE("shiviz: clocks keep ShiViz's rules, and the judge knows when they do not") {
  Scratch scratch;
  const std::string log = exported(scratch, small_run(), small_roster());
  const Verdict verdict = judge(log);
  CHECK(verdict.problem == "");
  CHECK(verdict.arrows == std::vector<std::string>{"client[0]:2 -> replica[0]:2", "replica[0]:3 -> client[0]:3"});

  CHECK(judge(replaced(log, "{\"replica[0]\":3}", "{\"replica[0]\":4}")).problem.starts_with("own clock"));
  CHECK(judge(replaced(log, "2,\"client[0]\":2", "2,\"client[0]\":3")).problem.starts_with("ahead of its sender"));
  CHECK(judge(replaced(log, "{\"client[0]\":4}", "{\"client[0]\":4,\"replica[0]\":3}"))
            .problem.starts_with("not growing"));
  CHECK(judge(replaced(log, "(?<host>", "(?<hosts>")).problem == "no header");
}

TEST_CASE("shiviz: messages that overtake each other never turn a clock back") {
  Scratch scratch;
  const std::vector<Event> events{sent(1, 0, 0, 1),         sent(2, 0, 1, 2),         delivered(3, 1, 0, 0, 2),
                                  delivered(4, 1, 1, 0, 1), delivered(5, 1, 2, 0, 2), delivered(6, 2, 0, 0, 1)};
  const Verdict verdict = judge(exported(scratch, events, small_roster()));
  CHECK(verdict.problem == "");
  CHECK(verdict.arrows == std::vector<std::string>{"replica[0]:2 -> replica[1]:1", "replica[0]:1 -> client[0]:1"});
}

TEST_CASE("shiviz: chains of messages within one instant come in the order of cause and effect") {
  Scratch scratch;
  const std::vector<Event> events{delivered(5, 0, 0, 1, 1), sent(5, 1, 0, 0), delivered(5, 1, 1, 2, 1),
                                  sent(5, 1, 2, 1), sent(5, 2, 0, 1)};
  const Verdict verdict = judge(exported(scratch, events, small_roster()));
  CHECK(verdict.problem == "");
  CHECK(verdict.arrows == std::vector<std::string>{"client[0]:1 -> replica[1]:2", "replica[1]:3 -> replica[0]:1"});
}

TEST_CASE("shiviz: a message that arrives before it is sent is an error") {
  Scratch scratch;
  const std::vector<Event> events{delivered(5, 0, 0, 1, 1), sent(5, 0, 1, 1), delivered(5, 1, 0, 0, 1),
                                  sent(5, 1, 1, 1)};
  CHECK_THROWS_WITH_AS(exported(scratch, events, small_roster()), doctest::Contains("before they are sent"),
                       TraceError);
}

TEST_CASE("shiviz: as many agents as it copes with, and no more") {
  Scratch scratch;
  for (const std::uint32_t count : {kShivizAgentsMax, kShivizAgentsMax + 1}) {
    Roster roster;
    roster.add("replica", count, "pbft");
    if (count <= kShivizAgentsMax) {
      CHECK_NOTHROW(exported(scratch, {}, roster));
    } else {
      CHECK_THROWS_WITH_AS(exported(scratch, {}, roster), doctest::Contains("has 51 agents"), TraceError);
    }
  }
}

TEST_CASE("shiviz: names with blanks become one word") {
  Scratch scratch;
  Roster roster;
  roster.add("a \"b\"", 1, "pbft");
  const std::vector<Event> events{{.time = at_ns(0), .agent = agent(0), .number = 0, .kind = EventKind::started}};
  CHECK(judge(exported(scratch, events, roster)).problem == "");
}
