// The style of the source tree, enforced by a test. Every rule (tidy_rules.cpp) is tried on a bad sample, so that it
// can fail.

#include "unit/tidy.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace conclave::tidy {
namespace {

/// How many things a rule finds in a sample.
std::size_t found_by(Findings (*rule)(const Source&), std::string path, std::string text) {
  return rule(Source(std::move(path), std::move(text))).size();
}

}  // namespace

TEST_CASE("tidy: the tree keeps every rule") {
  REQUIRE(tree().size() > 50);
  for (const Rule& rule : kRules) {
    SUBCASE(std::string(rule.name).c_str()) {
      for (const Source& file : tree())
        for (const Finding& finding : rule.find(file))
          FAIL_CHECK(fmt::format("{}:{}: {}", file.path, finding.line + 1, finding.problem));
    }
  }
}

TEST_CASE("tidy: CMake builds every source file") {
  const std::string cmake = read(root() / "CMakeLists.txt");
  for (const Source& file : tree())
    if (file.path.starts_with("src/") && file.path.ends_with(".cpp"))
      CHECK_MESSAGE(covered(file.path, cmake), file.path);
  CHECK(!covered("src/core/deep/x.cpp", cmake));
  CHECK(!covered("src/nowhere/x.cpp", cmake));
  CHECK(covered("src/protocols/consensus/x.cpp", cmake));
}

TEST_CASE("tidy: every header is included by something") {
  for (const std::string& path : dead_headers(tree())) FAIL_CHECK(path);
  CHECK(dead_headers({Source("src/core/a.hpp", ""), Source("src/core/b.cpp", "#include \"core/a.hpp\"\n")}).empty());
  CHECK(dead_headers({Source("src/core/a.hpp", ""), Source("src/core/b.cpp", "")}).size() == 1);
}

TEST_CASE("tidy: every type of a header has a name of its own") {
  for (const std::string& type : doubled_types(tree())) FAIL_CHECK(type);
  const auto found = [](const std::string& a, const std::string& b) {
    return doubled_types({Source("src/core/a.hpp", a), Source("src/core/b.hpp", b)}).size();
  };
  CHECK(found("struct Task {\n};\n", "class Task final : public Base {\n};\n") == 1);
  CHECK(found("struct Task {\n};\n", "struct Task;\nstruct Other {\n};\n") == 0);
  CHECK(found("// struct Task {\n", "struct Task {\n};\n") == 0);
}

TEST_CASE("tidy: comments and literals are not code") {
  CHECK(strip("a // b\nc") == "a     \nc");
  CHECK(strip("a /* b\n */ c") == "a     \n    c");
  CHECK(strip(R"(x = "a\"b"; y)") == "x =       ; y");
  CHECK(strip("x = '\"'; y = 1'000;") == "x =    ; y = 1'000;");
  CHECK(strip("R\"re(a\"b)re\" c") == "             c");
}

TEST_CASE("tidy: the arrow rule can fail") {
  const auto found = [](std::string path, std::string include) {
    return found_by(arrow_rule, "src/" + std::move(path), "#include " + std::move(include) + "\n");
  };
  CHECK(found("core/a.cpp", "\"core/b.hpp\"") == 0);
  CHECK(found("core/a.cpp", "\"protocols/b.hpp\"") == 1);
  CHECK(found("protocols/consensus/a.cpp", "\"protocols/consensus/b.hpp\"") == 0);
  CHECK(found("protocols/consensus/a.cpp", "\"checkers/b.hpp\"") == 1);
  CHECK(found("behaviours/a.cpp", "\"engine/b.hpp\"") == 1);
  CHECK(found("scenario/a.cpp", "\"engine/b.hpp\"") == 1);
  CHECK(found("engine/a.cpp", "\"cli/b.hpp\"") == 1);
  CHECK(found("engine/a.cpp", "\"scenario/b.hpp\"") == 0);
  CHECK(found("core/a.cpp", "\"a.hpp\"") == 1);
  CHECK(found("core/a.cpp", "<simgrid/s4u.hpp>") == 1);
  CHECK(found("engine/a.cpp", "<simgrid/s4u.hpp>") == 0);
  CHECK(found("cli/a.cpp", "<yaml-cpp/yaml.h>") == 1);
  CHECK(found("scenario/a.cpp", "<CLI/CLI.hpp>") == 1);
  CHECK(found("novelty/a.cpp", "<vector>") == 1);
}

TEST_CASE("tidy: the ban rule can fail, for each ban") {
  for (const Ban& ban : kBans) {
    CAPTURE(std::string(ban.word));
    const std::string use = "auto x = " + std::string(ban.word) + ";\n";
    CHECK(found_by(ban_rule, "src/core/a.cpp", use) >= 1);
    CHECK(found_by(ban_rule, "src/core/a.cpp", "// " + use) == 0);
    CHECK(found_by(ban_rule, "tests/unit/a.cpp", use) == 0);
    for (const std::string_view allowed : ban.allowed)
      CHECK(found_by(ban_rule, std::string(allowed) + "x.cpp", use) == 0);
  }
  CHECK(found_by(ban_rule, "src/core/a.cpp", "int operand(int); my_rand(); std::hash_of; view.time();\n") == 0);
}

TEST_CASE("tidy: the rules on leftovers can fail") {
  CHECK(found_by(skip_rule, "tests/unit/a.cpp", "TEST_CASE(\"x\" * doctest::skip()) {\n") == 1);
  CHECK(found_by(skip_rule, "tests/unit/a.cpp", "TEST_CASE(\"x\" * doctest::may_fail()) {\n") == 1);
  CHECK(found_by(skip_rule, "tests/unit/a.cpp", "text.skip(3);\n") == 0);
  CHECK(found_by(leftover_rule, "src/core/a.cpp", std::string("// TO") + "DO: later\n") == 1);
  CHECK(found_by(leftover_rule, "src/core/a.cpp", std::string("// FIX") + "ME\n") == 1);
  CHECK(found_by(leftover_rule, "src/core/a.cpp", "int TODOS;\n") == 0);
}

TEST_CASE("tidy: the rules on sizes can fail") {
  CHECK(found_by(line_rule, "src/core/a.cpp", std::string(kColumnsMax, 'x')) == 0);
  CHECK(found_by(line_rule, "src/core/a.cpp", std::string(kColumnsMax + 1, 'x')) == 1);
  std::string wide;
  for (std::size_t i = 0; i < kColumnsMax; i++) wide += "é";
  CHECK(found_by(line_rule, "src/core/a.cpp", wide) == 0);
  CHECK(found_by(file_rule, "src/core/a.cpp", std::string(kFileLinesMax, '\n')) == 0);
  CHECK(found_by(file_rule, "src/core/a.cpp", std::string(kFileLinesMax + 1, '\n')) == 1);
}

TEST_CASE("tidy: the rule on functions measures functions and nothing else") {
  const auto found = [](std::string head, std::size_t lines) {
    return found_by(function_rule, "src/core/a.cpp", head + " {" + std::string(lines - 1, '\n') + "}\n");
  };
  const std::size_t longest = kFunctionLinesMax, longer = kFunctionLinesMax + 1;
  for (const char* head :
       {"int f()", "template <class T> void f(T x)", "A::A(int x) : x_(x)", "void f() const override",
        "TEST_CASE(\"x\")", "void f(const struct tm& t)", "x = [](int y)", "bool f() noexcept"}) {
    CAPTURE(head);
    CHECK(found(head, longest) == 0);
    CHECK(found(head, longer) == 1);
  }
  for (const char* head : {"namespace x", "class X final : public Y", "struct X", "enum class X : int", "namespace",
                           "template <class T> requires(!A<T>) struct X", "const int x[] =", "std::vector<int> x"}) {
    CAPTURE(head);
    CHECK(found(head, longer) == 0);
  }
}

TEST_CASE("tidy: the rules on components and headers can fail") {
  const std::string add =
      "const bool registered =\n    BehaviourCatalog::add<Loud>({.name = \"loud\", .family = \"any\"});\n";
  CHECK(found_by(component_rule, "src/behaviours/loud.cpp", add) == 0);
  CHECK(found_by(component_rule, "src/behaviours/quiet.cpp", add) == 1);
  CHECK(found_by(component_rule, "src/behaviours/loud.cpp", add + add) == 1);
  CHECK(found_by(component_rule, "src/behaviours/loud.cpp", "int x;\n") == 1);
  CHECK(found_by(component_rule, "src/behaviours/loud.hpp", add) == 1);
  CHECK(found_by(component_rule, "src/behaviours/loud_messages.hpp", "int x;\n") == 0);
  CHECK(found_by(component_rule, "src/core/loud.cpp", "int x;\n") == 0);
  CHECK(found_by(header_rule, "src/core/a.hpp", "int x;\n") == 1);
  CHECK(found_by(header_rule, "src/core/a.hpp", "#pragma once\n") == 0);
}

}  // namespace conclave::tidy
