#include "cli/test_expectations.hpp"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "trace/output.hpp"

namespace conclave {

namespace {

constexpr std::string_view kHeader =
    "# What each scenario of this folder gives: file, verdict, fingerprint. `conclave test` compares with it, and\n"
    "# `conclave test --update` rewrites it: look at the difference and know its reason before you commit it.\n";

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Splits `NAME VERDICT FINGERPRINT`; a name may hold blanks.
std::optional<std::pair<std::string, Expectation>> parse_line(const std::string& line) {
  const std::size_t last = line.rfind(' ');
  if (last == std::string::npos || last == 0) return std::nullopt;
  const std::size_t middle = line.rfind(' ', last - 1);
  if (middle == std::string::npos || middle == 0) return std::nullopt;
  Expectation expectation{line.substr(middle + 1, last - middle - 1), line.substr(last + 1)};
  const bool known = expectation.verdict == "pass" || expectation.verdict == "fail";
  const bool digest = expectation.fingerprint.size() == 32 &&
                      expectation.fingerprint.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!known || !digest) return std::nullopt;
  return std::pair(line.substr(0, middle), std::move(expectation));
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
      problems.push_back(
          fmt::format("{}:{}: error: `{}` is not `NAME.yaml VERDICT FINGERPRINT`", file.string(), number, line));
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
