#include "cli/test_tap.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "core/codec.hpp"

namespace conclave {

namespace {

/// Rows of the summary at most, far below what GitHub takes.
constexpr std::size_t kSummaryRowsMax = 500;

std::string path_of(const TestCase& test) {
  return (std::filesystem::path(test.folder) / test.name).string();
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// The command in the failure that reproduces it.
std::string reproduction(const TestCase& test) {
  constexpr std::string_view kMark = "\nrepeat: ";
  const std::size_t at = test.failure.rfind(kMark);
  return at == std::string::npos ? std::string() : first_line(test.failure.substr(at + kMark.size()));
}

/// In a TAP description `#` would begin a directive.
std::string tap_name(const std::string& name) {
  std::string out;
  for (const char c : name) out += c == '#' || c == '\\' ? std::string("\\") + c : std::string(1, c == '\n' ? ' ' : c);
  return out;
}

std::string yaml_text(std::string_view text) {
  std::string out;
  codec::append_json_string(out, text);  // JSON is YAML
  return out;
}

std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','))) {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out;
}

std::string table_cell(std::string text) {
  std::string out;
  for (const char c : text) out += c == '|' ? "\\|" : c == '\n' ? " " : std::string(1, c);
  return out;
}

}  // namespace

std::string tap(const std::vector<TestCase>& cases) {
  std::string out = fmt::format("TAP version 13\n1..{}\n", cases.size());
  for (std::size_t i = 0; i < cases.size(); i++) {
    const TestCase& test = cases[i];
    out += fmt::format("{} {} - {}\n", test.failure.empty() ? "ok" : "not ok", i + 1, tap_name(path_of(test)));
    if (test.failure.empty()) continue;
    out += fmt::format("  ---\n  message: {}\n  severity: fail\n  reproduce: {}\n  detail: {}\n  ...\n",
                       yaml_text(first_line(test.failure)), yaml_text(reproduction(test)), yaml_text(test.failure));
  }
  return out;
}

std::string github_annotations(const std::vector<TestCase>& cases) {
  std::string out;
  std::size_t shown = 0, failed = 0;
  for (const TestCase& test : cases) failed += !test.failure.empty();
  const std::size_t most = failed > kAnnotationsMax ? kAnnotationsMax - 1 : failed;
  for (const TestCase& test : cases) {
    if (test.failure.empty() || shown == most) continue;
    shown++;
    out += fmt::format("::error file={},title={}::{}\n", escaped(path_of(test), true),
                       escaped("conclave test: " + test.name, true), escaped(test.failure, false));
  }
  if (failed > shown) out += fmt::format("::error title=conclave test::{} more scenarios failed\n", failed - shown);
  return out;
}

std::string github_summary(const std::vector<TestCase>& cases) {
  std::string rows;
  std::size_t failed = 0;
  for (const TestCase& test : cases) {
    if (test.failure.empty()) continue;
    if (++failed > kSummaryRowsMax) continue;
    rows += fmt::format("| `{}` | {} | `{}` |\n", table_cell(path_of(test)), table_cell(first_line(test.failure)),
                        table_cell(reproduction(test)));
  }
  std::string out = fmt::format("### Conclave: {} passed, {} failed\n\n", cases.size() - failed, failed);
  if (failed > 0) out += "| scenario | what went wrong | reproduce it |\n|---|---|---|\n" + rows;
  if (failed > kSummaryRowsMax) out += fmt::format("\n{} more failed.\n", failed - kSummaryRowsMax);
  return out;
}

}  // namespace conclave
