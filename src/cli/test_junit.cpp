#include "cli/test_junit.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "scenario/utf8.hpp"

namespace conclave {

namespace {

/// Without what XML cannot hold at all: control characters, and bytes that are not UTF-8.
std::string stripped(std::string_view text) {
  std::string out;
  for (std::size_t bad; (bad = find_bad_byte(text)) != std::string_view::npos; text.remove_prefix(bad + 1))
    out += text.substr(0, bad);
  return out.append(text);
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : stripped(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string case_xml(const TestCase& test) {
  const std::string opening = fmt::format(R"(    <testcase classname="{}" name="{}" time="{:.3f}")",
                                          xml_text(test.folder), xml_text(test.name), test.wall_time_s);
  if (test.failure.empty()) return opening + "/>\n";
  const std::string summary = test.failure.substr(0, test.failure.find('\n'));
  return fmt::format("{}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n", opening, xml_text(summary),
                     xml_text(test.failure));
}

}  // namespace

std::string junit_xml(const std::vector<TestCase>& cases) {
  std::string body;
  double wall_time_s = 0;
  for (const TestCase& test : cases) body += case_xml(test), wall_time_s += test.wall_time_s;
  const auto failures =
      std::count_if(cases.begin(), cases.end(), [](const auto& test) { return !test.failure.empty(); });
  const std::string totals =
      fmt::format(R"(tests="{}" failures="{}" time="{:.3f}")", cases.size(), failures, wall_time_s);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n  <testsuite name=\"conclave test\" {0}>\n{1}"
      "  </testsuite>\n</testsuites>\n",
      totals, body);
}

}  // namespace conclave
