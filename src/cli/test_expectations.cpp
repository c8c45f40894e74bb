#include "cli/test_expectations.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "trace/output.hpp"

namespace conclave {

namespace {

constexpr std::string_view kHeader =
    "# What each scenario of this folder gives: file, verdict, fingerprint, fingerprint of decisions. `conclave test`\n"
    "# compares with it, and `conclave test --update` rewrites it: know the reason of a difference before you commit "
    "it.\n";

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool is_digest(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Takes the last word off a line; empty if there is none before it.
std::string take_word(std::string& line) {
  const std::size_t blank = line.rfind(' ');
  if (blank == std::string::npos || blank == 0) return {};
  std::string word = line.substr(blank + 1);
  line.erase(blank);
  return word;
}

/// Splits `NAME VERDICT FINGERPRINT DECISIONS`, or the same without the last; a name may hold blanks.
std::optional<std::pair<std::string, Expectation>> parse_line(std::string line) {
  Expectation expectation;
  expectation.fingerprint = take_word(line);
  expectation.verdict = take_word(line);
  if (is_digest(expectation.verdict)) {
    expectation.decisions = expectation.fingerprint;
    expectation.fingerprint = expectation.verdict;
    expectation.verdict = take_word(line);
    if (!is_digest(expectation.decisions)) return std::nullopt;
  }
  const bool known = expectation.verdict == "pass" || expectation.verdict == "fail";
  if (!known || !is_digest(expectation.fingerprint)) return std::nullopt;
  return std::pair(line, std::move(expectation));
}

}  // namespace

Expectations read_expectations(const std::filesystem::path& folder, std::vector<std::string>& problems) {
  const std::filesystem::path file = folder / kExpectedFile;
  Expectations expectations;
  std::istringstream lines(read_all(file));
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    number++;
    if (line.empty() || line.starts_with('#')) continue;
    const auto entry = parse_line(line);
    if (!entry) {
      problems.push_back(fmt::format("{}:{}: error: `{}` is not `NAME.yaml VERDICT FINGERPRINT DECISIONS`",
                                     file.string(), number, line));
    } else if (!expectations.insert(*entry).second) {
      problems.push_back(fmt::format("{}:{}: error: `{}` is here twice", file.string(), number, entry->first));
    }
  }
  return expectations;
}

bool write_expectations(const std::filesystem::path& folder, const Expectations& expectations) {
  const std::filesystem::path file = folder / kExpectedFile;
  std::string text(kHeader);
  for (const auto& [name, expectation] : expectations) text += fmt::format("{} {}\n", name, expectation.text());
  if (text == read_all(file)) return false;
  Output out(file);
  out.write(text);
  out.close();
  return true;
}

}  // namespace conclave
