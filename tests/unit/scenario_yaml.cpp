// YAML in: what is read, where it stood, and what is refused. YAML out: what is written is read back the same.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <string>
#include <string_view>

#include "core/random.hpp"
#include "scenario/utf8.hpp"
#include "scenario/yaml.hpp"

namespace conclave {
namespace {

using namespace std::string_literals;

/// The first error as `line:column message`, or "accepted".
std::string first_error(std::string_view text) {
  Diagnostics diagnostics;
  if (parse_yaml(text, diagnostics)) return "accepted";
  REQUIRE_FALSE(diagnostics.empty());
  const Diagnostic& first = diagnostics.all().front();
  return fmt::format("{}:{} {}", first.at.line, first.at.column, first.message);
}

Value parsed(std::string_view text) {
  Diagnostics diagnostics;
  std::optional<Value> value = parse_yaml(text, diagnostics);
  REQUIRE_MESSAGE(value.has_value(), diagnostics.text("text", text));
  return *value;
}

/// What a value means to a reader of parameters: places aside, and quotes only where they tell a text from a number.
std::string meaning(const Value& value) {
  std::string out;
  switch (value.kind) {
    case Value::Kind::null: return "null";
    case Value::Kind::scalar: {
      const char first = value.text.empty() ? '"' : value.text[0];
      const bool number = (first >= '0' && first <= '9') || value.text == "true" || value.text == "null";
      return fmt::format("{}<{}>", number && value.quoted ? "text" : "", value.text);
    }
    case Value::Kind::list:
      for (const Value& item : value.items) out += meaning(item) + ",";
      return "[" + out + "]";
    case Value::Kind::map: break;
  }
  for (const Value::Entry& entry : value.entries) out += "<" + entry.key + ">:" + meaning(entry.value) + ",";
  return "{" + out + "}";
}

TEST_CASE("values keep their text and know their places, in lines and characters from 1") {
  const Value document = parsed("a: 010\nlist:\n  - \"é\"\n  - {ü: yes, next: 1}\nnothing:\n");
  CHECK(document.find("a")->text == "010");
  CHECK(document.find("a")->at == Location{1, 4});
  CHECK_FALSE(document.find("a")->quoted);
  const Value& list = *document.find("list");
  CHECK(list.items[0].quoted);
  CHECK(list.items[0].at == Location{3, 5});
  CHECK(list.items[1].find("ü")->text == "yes");
  CHECK(list.items[1].entries[1].at == Location{4, 14});
  CHECK(list.items[1].find("next")->at == Location{4, 20});
  CHECK(document.find("nothing")->kind == Value::Kind::null);
  CHECK(document.find("nothing")->at == Location{5, 1});
}

TEST_CASE("an entry that is not there is placed at its dash") {
  const Value document = parsed("list:\n  - # nothing, - really\n  -\n\n  - x\n");
  const Value& list = *document.find("list");
  REQUIRE(list.items.size() == 3);
  CHECK(list.items[0].at == Location{2, 3});
  CHECK(list.items[1].at == Location{3, 3});
}

TEST_CASE("windows line ends and quotes within quotes are no trouble") {
  CHECK(meaning(parsed("a: 1\r\nb: 'it''s'\r\nc: \"\\\"\\u00e9\"\r\n")) == "{<a>:<1>,<b>:<it's>,<c>:<\"é>,}");
}

TEST_CASE("what could be understood in two ways is refused") {
  CHECK(first_error("a: 1\nb: 2\na: 3\n") == "3:1 the key `a` is given twice");
  CHECK(first_error("x: {a: 1, b: 2, \"a\": 3}\n") == "1:17 the key `a` is given twice");
  CHECK(first_error("a: &x 1\nb: *x\n") == "1:4 anchors and aliases are not supported: write the value out");
  CHECK(first_error("a: &x [*x]\n") == "1:4 anchors and aliases are not supported: write the value out");
  CHECK(first_error("a: *x\n") == "1:4 anchors and aliases are not supported: write the value out");
  CHECK(first_error("a: {<<: {b: 1}}\n") == "1:5 merge keys are not supported: write the entries out");
  CHECK(first_error("a: !!int 3\n") == "1:4 tags are not supported: leave it out");
  CHECK(first_error("a: ! 3\n") == "1:4 tags are not supported: leave it out");
  CHECK(first_error("a: !<x> [1]\n") == "1:4 tags are not supported: leave it out");
  CHECK(first_error("a: 1\n---\nb: 2\n") == "2:1 a second document begins here");
  CHECK(first_error("- a\nb: 1\n") == "2:1 this does not continue what stands above");
  CHECK(first_error("? [a, b]\n: c\n") == "1:3 a key must be a text, not a list");
  CHECK(first_error("{a: 1}: c\n") == "1:1 a key must be a text, not a map");
  CHECK(first_error("~: 1\n") == "1:1 a key must be a text, not nothing");
}

TEST_CASE("nothing, or nothing but comments, is refused") {
  CHECK(first_error("") == "1:1 there is nothing in it");
  CHECK(first_error("# to do\n\n") == "1:1 there is nothing in it");
}

TEST_CASE("malformed text is refused in words that say what to do, at the place to look at") {
  CHECK(first_error("a: 1\n\tb: 2\n") == "2:1 a tab is used for indentation");
  CHECK(first_error("a:\n\t- x\n") == "2:2 a tab is used for indentation");
  CHECK(first_error("a: {b: 1\nc: 2\n") == "2:2 `,` or `}` is missing before this");
  CHECK(first_error("a: {b: 1") == "1:4 this bracket is never closed");
  CHECK(first_error("a: 1\nb: {c: 1, d: 2\n") == "2:4 this bracket is never closed");
  CHECK(first_error("a: [1, 2\nb: 3\n") == "2:2 `,` or `]` is missing before this");
  CHECK(first_error("a: 1\n}\n") == "2:1 this bracket closes nothing that is open");
  CHECK(first_error("a: {b: [1}\n") == "1:10 this bracket closes nothing that is open");
  CHECK(first_error("a: { agents: replica[3] }\n") == "1:21 within brackets, a text with `[` needs quotes");
  CHECK(first_error("a: [replica[0..2], x]\n") == "1:12 within brackets, a text with `[` needs quotes");
  CHECK(first_error("a: \"abc\nb: 2\n") == "1:4 this quote is never closed");
  CHECK(first_error("a: 'it''s\n") == "1:4 this quote is never closed");
  CHECK(first_error("a: \"abc") == "1:8 the text ends within quotes");
  CHECK(first_error("a: \"\\q\"\n") == "1:7 unknown escape after `\\`");
  CHECK(first_error("a: \"x\" y\n") == "1:8 this does not fit the map that it stands in");
  CHECK(first_error("a:\n  b: 1\n c: 2\n") == "3:2 this does not fit the map that it stands in");
  CHECK(first_error("a: b: c\n") == "1:5 a `:` is not expected here");
  CHECK(first_error("a: - b\n") == "1:4 a list entry is not expected here");
  CHECK(first_error("a: @x\n") == "1:4 no value can begin with this character");
  CHECK(first_error("é: ü: 1\n") == "1:5 a `:` is not expected here");
}

TEST_CASE("bytes that are no text are refused") {
  CHECK(first_error("a: \"x\0\"\n"s) == "1:6 the byte 0x00 is not text in UTF-8");
  CHECK(first_error("a: 1\nb: é\xff\n") == "2:5 the byte 0xff is not text in UTF-8");
  CHECK(first_error("a: \x1b[31m\n") == "1:4 the byte 0x1b is not text in UTF-8");
  CHECK(first_error("\xfe\xff\0a"s) == "1:1 the byte 0xfe is not text in UTF-8");
  CHECK(find_bad_byte("é €😀\t\r\n") == std::string_view::npos);
  for (const std::string_view bad : {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\x80"})
    CHECK(find_bad_byte(bad) == 0);
}

TEST_CASE("what is too large or too deep is refused, and fast") {
  const auto contains = [](const std::string& text, std::string_view part) { return text.find(part) != text.npos; };
  CHECK(contains(first_error(std::string(kScenarioBytesMax + 1, '#')), "larger than 1048576 bytes"));
  CHECK(contains(first_error(std::string(10'000'000, '[')), "larger than 1048576 bytes"));
  for (const char* part : {"[", "{", "[{", "- ", "{a: ", "? ", "a: [", "&a ", "*a ", "\"", ":", "!", "|\n", "]"}) {
    std::string text;
    while (text.size() + 4 < kScenarioBytesMax) text += part;
    CHECK(first_error(text) != "accepted");
  }
  std::string deep = "x";
  for (std::size_t i = 0; i < kScenarioDepthMax; i++) deep = "[" + deep + "]";
  CHECK(first_error(deep) == "accepted");
  CHECK(first_error("[" + deep + "]") == "1:33 lists and maps are nested more than 32 deep");
  std::string many = "[";
  for (std::size_t i = 0; i <= kScenarioNodesMax; i++) many += "x,";
  CHECK(contains(first_error(many + "]"), "more than 100000 values"));
}

TEST_CASE("documents are written in block style, short lists in one line") {
  Value document = parsed("{title: \"four agree\", list: [1, \"2\", x], rows: [[1ms], [2ms]], map: {a: {}, b: []}}");
  document.set("groups", parsed("[{group: a, options: {f: 1}}, {group: b}]"));
  CHECK(write_yaml(document) ==
        "title: four agree\n"
        "list: [1, \"2\", x]\n"
        "rows:\n"
        "  - [1ms]\n"
        "  - [2ms]\n"
        "map:\n"
        "  a: {}\n"
        "  b: []\n"
        "groups:\n"
        "  - group: a\n"
        "    options:\n"
        "      f: 1\n"
        "  - group: b\n");
}

TEST_CASE("texts that look like something else keep their quotes") {
  for (const char* text :
       {"",     " x",   "x ",  "yes", "No",   "null", "~",   "true", "1",          "010", "1e3", "-1",
        "a: b", "a #b", "- a", "#",   "[x]",  "{x}",  "a,b", "*x",   "&x",         "!x",  "%x",  "@x",
        "`x",   "'",    "\"",  "\\",  "a\nb", "\t",   "é",   "<<",   "replica[3]", "?",   "a:",  ":a",
        "|",    ">",    "---", "...", "0x1F", ".inf", "a'b", "50%",  "x\x7fy"}) {
    const Value written = Value::list({Value::scalar(text, true)});
    CAPTURE(write_yaml(written));
    CHECK(meaning(parsed(write_yaml(written))) == meaning(written));
    Value keyed = Value::map();
    keyed.set(text, Value::scalar(text, true));
    if (std::string_view(text) != "<<") CHECK(meaning(parsed(write_yaml(keyed))) == meaning(keyed));
  }
}

/// A random document, so that nobody's idea of a typical one limits the test.
Value random_value(Random& random, int depth) {
  static constexpr std::string_view kPieces[] = {"a", "Z", "0", "7", " ", "-", ":", "#", "\"", "'", "\\", "\n", "[",
                                                 "]", "{", "}", ",", "&", "*", "!", "|", "%",  "é", "_",  "~",  "."};
  const auto text = [&] {
    std::string out;
    for (std::uint64_t i = random.below(6); i > 0; i--) out += kPieces[random.below(std::size(kPieces))];
    return out;
  };
  switch (depth == 0 ? random.below(2) : random.below(4)) {
    case 0: return random.below(8) == 0 ? Value() : Value::scalar(std::to_string(random.below(1000)));
    case 1: return Value::scalar(text(), true);
    case 2: {
      Value list = Value::list();
      for (std::uint64_t i = random.below(5); i > 0; i--) list.items.push_back(random_value(random, depth - 1));
      return list;
    }
    default: break;
  }
  Value map = Value::map();
  for (std::uint64_t i = random.below(5); i > 0; i--)
    map.set(text() + std::to_string(i), random_value(random, depth - 1));
  return map;
}

TEST_CASE("any document is read back as it was written") {
  Random random(Stream(1, "yaml round trip"));
  for (int i = 0; i < 3000; i++) {
    const Value value = random_value(random, 4);
    if (value.kind == Value::Kind::null) continue;  // a document of nothing is refused
    const std::string text = write_yaml(value);
    CAPTURE(text);
    REQUIRE(meaning(parsed(text)) == meaning(value));
  }
}

TEST_CASE("no text whatever makes the reader crash") {
  static constexpr std::string_view kPieces[] = {
      "a",  "1",  " ",  "  ", "\n",  "\n  ",  "- ", ": ", "? ", "[",  "]",  "{", "}",  ",", "\"",   "'",   "&a",
      "*a", "!t", "| ", "> ", "---", "...\n", "#",  "%",  "~",  "\t", "<<", "é", "\\", ":", "key:", "\r\n"};
  Random random(Stream(1, "yaml fuzz"));
  int refused = 0;
  for (int i = 0; i < 20000; i++) {
    std::string text;
    for (std::uint64_t j = random.below(24); j > 0; j--) text += kPieces[random.below(std::size(kPieces))];
    Diagnostics diagnostics;
    const bool accepted = parse_yaml(text, diagnostics).has_value();
    REQUIRE(accepted == diagnostics.empty());
    refused += !accepted;
  }
  CHECK(refused > 1000);
  CHECK(refused < 20000);
}

}  // namespace
}  // namespace conclave
