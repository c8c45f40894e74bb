// Names of values within results.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "trace/result_path.hpp"

namespace conclave {
namespace {

const nlohmann::json kResults = nlohmann::json::parse(R"({
  "verdict": "pass", "sim_time_s": 1.5,
  "metrics": {"messages_sent": 7, "latency_ns": {"p50": 3}, "by_reason": {"host.off": 2}},
  "outcome": {"consensus": {"done": true, "rounds": [{"ns": 5, "view": 0}, {"ns": 1}, {"ns": 3}, {"view": 2}]}}})");

std::optional<double> number(std::string_view path) {
  return find_number(kResults, path);
}

}  // namespace

TEST_CASE("a path leads through keys and lists") {
  CHECK(number("sim_time_s") == 1.5);
  CHECK(number("metrics.latency_ns.p50") == 3);
  CHECK(number("metrics.by_reason.host.off") == 2);
  CHECK(number("outcome.consensus.rounds[1].ns") == 1);
  CHECK(number("outcome.consensus.done") == 1);
  CHECK(find_result(kResults, "verdict") == "pass");
}

TEST_CASE("a function makes one number of a list") {
  CHECK(number("mean(outcome.consensus.rounds[].ns)") == 3);
  CHECK(number("median(outcome.consensus.rounds[].ns)") == 3);
  CHECK(number("min(outcome.consensus.rounds[].ns)") == 1);
  CHECK(number("max(outcome.consensus.rounds[].ns)") == 5);
  CHECK(number("sum(outcome.consensus.rounds[].ns)") == 9);
  CHECK(number("count(outcome.consensus.rounds[].view)") == 2);
  CHECK(number("p50(outcome.consensus.rounds[].ns)") == 3);
  CHECK(number("p100(outcome.consensus.rounds[].ns)") == 5);
  CHECK(number("count(outcome.auction.rounds[])") == 0);
}

TEST_CASE("a path that leads nowhere has no number") {
  for (const char* path :
       {"", "metrics", "metrics.", "metrics.mesages_sent", "verdict", "outcome.consensus.rounds[9].ns",
        "outcome.consensus.rounds[].ns", "outcome.consensus.rounds[", "mean(metrics.nothing[])",
        "average(outcome.consensus.rounds[].ns)", "p0(outcome.consensus.rounds[].ns)", "mean("})
    CHECK_MESSAGE(!number(path).has_value(), path);
}

TEST_CASE("all numbers outside of lists have names that lead to them") {
  const std::vector<std::string> paths = number_paths(kResults);
  CHECK(paths == std::vector<std::string>{"metrics.by_reason.host.off", "metrics.latency_ns.p50",
                                          "metrics.messages_sent", "sim_time_s"});
  for (const std::string& path : paths) CHECK(number(path).has_value());
}

}  // namespace conclave
