// Sweep files: which points they describe, and what they are told when they describe none.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sweep/design.hpp"

namespace conclave {
namespace {

const std::string kHead = "scenario: s.yaml\n";

std::vector<std::string> points(const std::string& text) {
  const LoadedSweep loaded = load_sweep_text(kHead + text, "x.yaml");
  REQUIRE_MESSAGE(loaded.sweep.has_value(), loaded.errors);
  std::vector<std::string> texts;
  for (const Point& point : loaded.sweep->points) texts.push_back(point.text());
  return texts;
}

std::string errors(const std::string& text) {
  const LoadedSweep loaded = load_sweep_text(kHead + text, "x.yaml");
  CHECK_FALSE(loaded.sweep.has_value());
  return loaded.errors;
}

void refused(const std::string& text, std::string_view message) {
  const std::string all = errors(text);
  CHECK_MESSAGE(all.find(message) != std::string::npos, all);
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a sweep without parameters is one point") {
  CHECK(points("") == Texts{""});
}

TEST_CASE("a grid is every combination, the last parameter fastest") {
  CHECK(points("parameters: [ { grid: { a: [1, 2], b.c: [x, y] } } ]\n") ==
        Texts{"a=1 b.c=x", "a=1 b.c=y", "a=2 b.c=x", "a=2 b.c=y"});
}

TEST_CASE("blocks are combined each with each") {
  CHECK(points("parameters:\n  - zip: { n: [4, 7], f: [1, 2] }\n  - grid: { loss: [0%, 1%] }\n") ==
        Texts{"n=4 f=1 loss=0%", "n=4 f=1 loss=1%", "n=7 f=2 loss=0%", "n=7 f=2 loss=1%"});
}

TEST_CASE("a list is point by point") {
  CHECK(points("parameters: [ { list: [ { a: 1, b: 2 }, { a: 3 } ] } ]\n") == Texts{"a=1 b=2", "a=3"});
}

TEST_CASE("ranges are cut by a step, by a count, evenly or by ratios") {
  CHECK(points("parameters: [ { grid: { a: 2..5 } } ]\n") == Texts{"a=2", "a=3", "a=4", "a=5"});
  CHECK(points("parameters: [ { grid: { a: { range: 1ms..6ms, step: 2ms } } } ]\n") ==
        Texts{"a=1ms", "a=3ms", "a=5ms"});
  CHECK(points("parameters: [ { grid: { a: { range: 0%..10%, count: 3 } } } ]\n") == Texts{"a=0%", "a=5%", "a=10%"});
  CHECK(points("parameters: [ { grid: { a: { range: 1.0..2.0, step: 0.5 } } } ]\n") == Texts{"a=1", "a=1.5", "a=2"});
  CHECK(points("parameters: [ { grid: { a: { range: 1ms..1s, count: 4, scale: log } } } ]\n") ==
        Texts{"a=1ms", "a=10ms", "a=100ms", "a=1s"});
}

TEST_CASE("values can be lists and maps") {
  CHECK(points("parameters: [ { grid: { checks: [[agreement, validity], []] } } ]\n") ==
        Texts{"checks=[agreement, validity]", "checks=[]"});
}

TEST_CASE("points are excluded by value, list and range, and included one by one") {
  const std::string grid = "parameters: [ { grid: { n: [4, 7, 10], f: [1, 2, 3] } } ]\n";
  CHECK(points(grid + "exclude: [ { n: 4, f: [2, 3] }, { n: 7, f: 3 }, { n: 8..20, f: 1..2 } ]\n") ==
        Texts{"n=4 f=1", "n=7 f=1", "n=7 f=2", "n=10 f=3"});
  CHECK(points(grid + "exclude: [ { n: 4..10 } ]\ninclude: [ { n: 13, f: 4 }, { n: 13, f: 4, extra: x } ]\n") ==
        Texts{"n=13 f=4", "n=13 f=4 extra=x"});
}

TEST_CASE("a point that comes twice is there once") {
  CHECK(points("parameters: [ { grid: { a: [1, 1, 2] } } ]\ninclude: [ { a: 2 } ]\n") == Texts{"a=1", "a=2"});
}

TEST_CASE("samplers draw from ranges and choices") {
  const Texts latin = points(
      "parameters: [ { latin_hypercube: { points: 10, seed: 3, over: { n: 1..10, loss: 0%..10%, kind: [a, b] } } } "
      "]\n");
  CHECK(latin.size() == 10);
  for (int n = 1; n <= 10; n++) {  // ten strata, ten integers: each comes once
    const std::string wanted = fmt::format("n={} ", n);
    CHECK(std::count_if(latin.begin(), latin.end(), [&](const auto& text) { return text.starts_with(wanted); }) == 1);
  }
  CHECK(points("parameters: [ { sobol: { points: 3, over: { a: 0%..100%, b: 0%..100% } } } ]\n") ==
        Texts{"a=50% b=50%", "a=75% b=25%", "a=25% b=75%"});
}

TEST_CASE("an empty design is refused at its place") {
  refused("parameters: [ { grid: { a: [] } } ]\n", "x.yaml:2:28: error: an empty list: this parameter has no values");
  refused("parameters: [ { grid: {} } ]\n", "an empty map");
  refused("parameters: [ { list: [] } ]\n", "an empty list");
  refused("parameters: [ { grid: { a: [1] } } ]\nexclude: [ { a: 1 } ]\n", "no points are left");
}

TEST_CASE("a design that makes no sense is refused with a hint") {
  refused("parameters: [ { gird: { a: [1] } } ]\n", "did you mean `grid`?");
  refused("parameters: { a: [1] }\n", "`parameters` is a list");
  refused("parameters: [ { grid: { a: 1ms..9ms } } ]\n", "needs a step");
  refused("parameters: [ { grid: { a: 9..1 } } ]\n", "is not a range");
  refused("parameters: [ { grid: { a: { range: 1..9, step: 1ms } } } ]\n", "not a step through this range");
  refused("parameters: [ { grid: { a: { range: 1..9, step: 1, count: 3 } } } ]\n", "one of them is needed");
  refused("parameters: [ { grid: { a: { range: 0..9, count: 3, scale: log } } } ]\n", "it begins at zero");
  refused("parameters: [ { zip: { a: [1, 2], b: [1] } } ]\n", "1 values beside 2");
  refused("parameters: [ { grid: { a: [1] } }, { grid: { a: [2] } } ]\n", "set by an earlier block already");
  refused("parameters: [ { grid: { alpha: [1] } } ]\nexclude: [ { alhpa: 1 } ]\n", "did you mean `alpha`?");
  refused("parameters: [ { grid: { a: [1] } } ]\nexclude: [ { a: 2 } ]\n", "no such point to leave out");
  refused("parameters: [ { sobol: { points: 3 } } ]\n", "`over` is missing");
  refused("repetitions: 0\n", "out of range");
  refused("repetitoins: 3\n", "did you mean `repetitions`?");
}

TEST_CASE("a design beyond all limits is refused before it is made") {
  refused("parameters: [ { grid: { a: 1..2000000 } } ]\n", "2000000 values: 1000000 at most");
  refused("parameters: [ { grid: { a: 1..2000, b: 1..2000 } } ]\n", "2000 times 2000 points are too many");
}

TEST_CASE("a stop rule is about a metric that is kept") {
  const std::string metrics = "metrics: { latency: outcome.x.latency_ns }\n";
  const LoadedSweep loaded = load_sweep_text(
      kHead + metrics + "repetitions: 5\nuntil: { metric: latency, rel_ci: 0.05, max: 200 }\n", "x.yaml");
  REQUIRE_MESSAGE(loaded.sweep.has_value(), loaded.errors);
  CHECK(loaded.sweep->metrics.at(0).unit == "ns");
  CHECK(loaded.sweep->repetitions_max() == 200);
  refused(metrics + "until: { metric: latenyc, rel_ci: 0.05, max: 200 }\n", "did you mean `latency`?");
  refused(metrics + "repetitions: 9\nuntil: { metric: latency, rel_ci: 0.05, max: 5 }\n", "below the 9 repetitions");
}

}  // namespace conclave
