#include <doctest/doctest.h>

#include "sweep/where.hpp"

namespace conclave {
namespace {

const std::vector<std::string> kPaths{"agents.replica.count", "network.loss", "platform.latency", "crypto.latency"};

bool holds(std::string_view text, const RunRecord& run = {.seed = 12, .status = "ok", .verdict = "fail"}) {
  const Point point{{{"agents.replica.count", "10"}, {"network.loss", "0.5%"}, {"platform.latency", "2ms"}}};
  std::string problem;
  const auto where = Where::parse(text, kPaths, problem);
  REQUIRE_MESSAGE(where.has_value(), problem);
  return where->has(point, run);
}

std::string problem(std::string_view text) {
  std::string said;
  CHECK_FALSE(Where::parse(text, kPaths, said).has_value());
  return said;
}

}  // namespace

TEST_CASE("conditions compare quantities by size and texts by letters") {
  CHECK(holds("agents.replica.count = 10"));
  CHECK(holds("count >= 9"));  // as numbers: 10 is more than 9
  CHECK_FALSE(holds("count < 9"));
  CHECK(holds("platform.latency <= 2000us and loss > 0.4%"));
  CHECK_FALSE(holds("platform.latency <= 2000us and loss > 0.6%"));
  CHECK(holds("status = ok and verdict != pass"));
  CHECK(holds("seed==12 and point<1"));
}

TEST_CASE("a parameter that a point does not have fulfils no condition") {
  CHECK_FALSE(holds("crypto.latency != 1ms"));
}

TEST_CASE("a condition that cannot be understood is told") {
  CHECK(problem("count").find("no condition") != std::string::npos);
  CHECK(problem("cuont = 3").find("did you mean") == std::string::npos);
  CHECK(problem("network.los = 3").find("did you mean `network.loss`?") != std::string::npos);
  CHECK(problem("latency = 1ms").find("more than one") != std::string::npos);
}

}  // namespace conclave
