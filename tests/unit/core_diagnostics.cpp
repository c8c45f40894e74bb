// Errors of a scenario as people see them.

#include <doctest/doctest.h>

#include <string>

#include "core/diagnostics.hpp"

namespace conclave {

TEST_CASE("an error shows its place, the line and a mark under it, and a hint") {
  Diagnostics diagnostics;
  diagnostics.error({2, 3}, "unknown key `sed`", "did you mean `seed`?");
  CHECK(diagnostics.text("a.yaml", "title: x\n  sed: 1\n") ==
        "a.yaml:2:3: error: unknown key `sed`\n"
        "    2 |   sed: 1\n"
        "      |   ^\n"
        "      = did you mean `seed`?\n");
}

TEST_CASE("the mark is under the column, wherever that is") {
  for (const std::uint32_t column : {1u, 2u, 9u}) {
    Diagnostics diagnostics;
    diagnostics.error({1, column}, "problem");
    const std::string text = diagnostics.text("a.yaml", "key: value");
    const std::size_t mark = text.find('^');
    const std::size_t line = text.find("key: value");
    REQUIRE(mark != std::string::npos);
    CHECK(mark - text.rfind('\n', mark) - 1 == line - text.rfind('\n', line) - 1 + column - 1);
  }
}

TEST_CASE("errors come in the order of the file, those of one place in the order found") {
  Diagnostics diagnostics;
  diagnostics.error({3, 1}, "fourth");
  diagnostics.error({1, 5}, "second");
  diagnostics.error({1, 5}, "third");
  diagnostics.error({}, "first");
  CHECK(diagnostics.text("f", {}) ==
        "f: error: first\nf:1:5: error: second\nf:1:5: error: third\nf:3:1: error: fourth\n");
}

TEST_CASE("the same error at the same place is noted once") {
  Diagnostics diagnostics;
  CHECK(diagnostics.empty());
  diagnostics.error({1, 1}, "a");
  diagnostics.error({1, 1}, "a");
  diagnostics.error({1, 2}, "a");
  CHECK(diagnostics.count() == 2);
  CHECK(!diagnostics.empty());
}

TEST_CASE("an error of --set names what was set") {
  Diagnostics diagnostics;
  diagnostics.error({0, 2}, "out of range");
  CHECK(diagnostics.text("f", {}, {"seed=1", "stop_at=0s"}) == "--set stop_at=0s: error: out of range\n");
}

TEST_CASE("lines beyond the file and very long lines are not shown") {
  Diagnostics diagnostics;
  diagnostics.error({9, 1}, "beyond");
  CHECK(diagnostics.text("f", "one line") == "f:9:1: error: beyond\n");
  Diagnostics wide;
  wide.error({1, 1}, "wide");
  CHECK(wide.text("f", std::string(500, 'x')) == "f:1:1: error: wide\n");
}

TEST_CASE("control characters do not reach the terminal") {
  Diagnostics diagnostics;
  diagnostics.error({1, 1}, "found `\x1b[31m`", "not \x07");
  for (const char c : diagnostics.text("f", "a\x1b[31m\r\n"))
    CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
}

TEST_CASE("only so many errors are shown, and the others are counted") {
  Diagnostics diagnostics;
  for (std::uint32_t i = 1; i <= kDiagnosticsMax + 3; i++) diagnostics.error({i, 1}, "bad");
  CHECK(diagnostics.all().size() == kDiagnosticsMax);
  CHECK(diagnostics.count() == kDiagnosticsMax + 3);
  CHECK(diagnostics.text("f", {}).ends_with("f: error: 3 more errors are not shown\n"));
}

TEST_CASE("the nearest name is found if it is near") {
  const std::vector<std::string> names{"seed", "title", "platform", "stop_at"};
  CHECK(nearest("sed", names) == "seed");
  CHECK(nearest("seeed", names) == "seed");
  CHECK(nearest("esed", names) == "seed");  // neighbours swapped are one slip
  CHECK(nearest("platfrom", names) == "platform");
  CHECK(nearest("stop", names).empty());
  CHECK(nearest("xyz", names).empty());
  CHECK(nearest("seed", {}).empty());
  CHECK(nearest(std::string(10'000, 'x'), names).empty());
}

TEST_CASE("a suggestion names the nearest, or all if they are few") {
  CHECK(suggestion("sed", {"seed", "title"}) == "did you mean `seed`?");
  CHECK(suggestion("xyz", {"seed", "title"}) == "expected one of: seed, title");
  CHECK(suggestion("xyz", {}).empty());
  CHECK(suggestion("xyz", std::vector<std::string>(13, "something")).empty());
}

}  // namespace conclave
