// Runs every notebook of tests/notebooks, and tests the lab's own machinery: what it refuses and what it compares.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "lab/lab.hpp"
#include "lab/notebook.hpp"
#include "source_dir.hpp"

namespace conclave::lab {
namespace {

namespace fs = std::filesystem;

const fs::path kNotebooks = fs::path(source_dir()) / "tests" / "notebooks";

std::vector<fs::path> all_notebooks() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(kNotebooks))
    if (entry.path().extension() == ".txt") paths.push_back(fs::relative(entry.path(), kNotebooks));
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

bool rewriting() {
  const char* wanted = std::getenv("REWRITE");
  return wanted != nullptr && std::string_view(wanted) == "1";
}

/// What is wrong with a notebook; empty if it holds, and when it has just been rewritten to hold.
std::string judge(const fs::path& name) {
  const std::string expected = read(kNotebooks / name);
  std::string actual;
  try {
    actual = replay(expected);
  } catch (const NotebookError& problem) {
    return fmt::format("tests/notebooks/{}: {}", name.string(), problem.what());
  }
  if (actual == expected) return {};
  if (rewriting()) {
    std::ofstream(kNotebooks / name, std::ios::binary) << actual;
    return {};
  }
  return fmt::format(
      "tests/notebooks/{}: {}If this is right: REWRITE=1 build/tests/conclave_unit -tc=notebooks -sc=\"{}\"",
      name.string(), difference(expected, actual), name.string());
}

std::string refusal(std::string_view notebook) {
  try {
    replay(notebook);
  } catch (const NotebookError& problem) {
    return problem.what();
  }
  return "accepted";
}

constexpr std::string_view kCast = "agents a=2:test_echo\nstart\n";

std::string refusal_of_command(std::string_view command) {
  return refusal(fmt::format("{}{}\n----\n", kCast, command));
}

}  // namespace

TEST_CASE("notebooks") {
  const std::vector<fs::path> paths = all_notebooks();
  REQUIRE(!paths.empty());
  for (const fs::path& path : paths) {
    const std::string name = path.string();
    SUBCASE(name.c_str()) {
      const std::string problem = judge(path);
      CHECK_MESSAGE(problem.empty(), problem);
    }
  }
}

TEST_CASE("a notebook is compared with what happens") {
  const std::string right =
      "# A step.\nagents a=1:test_echo\nstart\n----\na[0]  test_echo\n1 agents have started\n\n# The end.\n";
  CHECK(replay(right) == right);

  SUBCASE("a wrong page differs") {
    const std::string wrong = "# A step.\nagents a=1:test_echo\nstart\n----\nsomething else\n\n# The end.\n";
    CHECK(replay(wrong) == right);
    CHECK(difference(wrong, right) ==
          "at line 5:\n  agents a=1:test_echo\n  start\n  ----\n- something else\n+ a[0]  test_echo\n"
          "+ 1 agents have started\n  \n  # The end.\n");
  }
  SUBCASE("an empty page where something was written differs") {
    CHECK(replay("# A step.\nagents a=1:test_echo\nstart\n----\n\n# The end.\n") == right);
  }
  SUBCASE("a page without its end of line differs") {
    CHECK(replay("agents a=1:test_echo\n----\na[0]  test_echo") == "agents a=1:test_echo\n----\na[0]  test_echo\n");
  }
}

TEST_CASE("a notebook that is not one is refused") {
  CHECK(refusal("") == "there is no command in this notebook");
  CHECK(refusal("# prose only\n\n") == "there is no command in this notebook");
  CHECK(refusal("agents a=1:test_echo\n") == "line 1: a line `----` should follow the command");
  CHECK(refusal("agents a=1:test_echo\n\n----\n") == "line 2: a line `----` should follow the command");
  CHECK(refusal("\ndeliverr\n----\n") == "line 2: `deliverr`: there is no command `deliverr`; did you mean `deliver`?");
}

TEST_CASE("commands that make no sense are refused") {
  CHECK(refusal("show\n----\n") == "line 1: `show`: `start` comes first");
  CHECK(refusal_of_command("agents b=1:test_echo") ==
        "line 3: `agents b=1:test_echo`: the cast is fixed once it has started");
  CHECK(refusal_of_command("request") == "line 3: `request`: which agents is missing");
  CHECK(refusal_of_command("request b") == "line 3: `request b`: there is no group `b`; did you mean `a`?");
  CHECK(refusal_of_command("request a[2]") == "line 3: `request a[2]`: `a[2]` is not within a group of 2");
  CHECK(refusal_of_command("request a[1..0]") == "line 3: `request a[1..0]`: `a[1..0]` is not within a group of 2");
  CHECK(refusal_of_command("request a[x]") == "line 3: `request a[x]`: `x` is not an integer");
  CHECK(refusal_of_command("request a[0") == "line 3: `request a[0`: `request a[0` has a bracket that is not closed");
  CHECK(refusal_of_command("deliver kind=test_pin") ==
        "line 3: `deliver kind=test_pin`: there is no kind of message `test_pin`");
  CHECK(refusal_of_command("deliver form=a") == "line 3: `deliver form=a`: `form=a` is not expected here");
  CHECK(refusal_of_command("corrupt from=a") == "line 3: `corrupt from=a`: bit=N is missing");
  CHECK(refusal_of_command("relay by=a") == "line 3: `relay by=a`: by=AGENT should name one agent");
  CHECK(refusal_of_command("advance 5") ==
        "line 3: `advance 5`: `5` lacks its unit, expected a duration such as `250ms` (units: ns, us, ms, s, min, h)");
}

TEST_CASE("casts that cannot be built are refused") {
  CHECK(refusal("agents a=1:test_eco\nstart\n----\n") ==
        "line 2: `start`: nothing is called `test_eco`; did you mean `test_echo`?");
  CHECK(refusal("agents a=1:test_echo{patience=2s}\nstart\n----\n") ==
        "line 2: `start`: test_echo: error: `2s` is out of range\n      = expected 1ms to 1s\n");
  CHECK(refusal("agents a=0:test_echo\n----\n") == "line 1: `agents a=0:test_echo`: a lab has 1 to 1000 agents");
  CHECK(refusal("agents a\n----\n") == "line 1: `agents a`: `a` should be group=count:stack");
  CHECK(refusal("agents a=1:test_echo a=1:test_echo\n----\n") ==
        "line 1: `agents a=1:test_echo a=1:test_echo`: there are two groups `a`");
}

TEST_CASE("what never comes to rest is stopped, and the page says so") {
  Lab lab;
  lab.run("agents a=2:test_echo{endless=true}");
  lab.run("start");
  lab.run("request a[0]");
  CHECK(lab.run("stabilize quiet").ends_with(fmt::format("\nSTOPPED at the limit of {} messages\n", kDeliveriesMax)));
}

TEST_CASE("components are read with their parameters") {
  const Component component = parse_component("pbft{f=1, names=[a, b], inner={x=2ms}}");
  CHECK(component.name == "pbft");
  REQUIRE(component.options.entries.size() == 3);
  CHECK(component.options.find("f")->text == "1");
  REQUIRE(component.options.find("names")->items.size() == 2);
  CHECK(component.options.find("names")->items[1].text == "b");
  CHECK(component.options.find("inner")->find("x")->text == "2ms");
  CHECK(parse_component("pbft").options.entries.empty());
  CHECK(parse_component("pbft{}").options.entries.empty());
  CHECK_THROWS_AS(parse_component("pbft{f}"), LabError);
  CHECK_THROWS_AS(parse_component("pbft{f=1}x"), LabError);
}

}  // namespace conclave::lab
