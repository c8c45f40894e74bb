// Scenarios that must be refused: each error at its place, in words that help, and no error that is only the echo of
// another.

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "scenario/load.hpp"
#include "source_dir.hpp"

namespace conclave {
namespace {

struct Complaint {
  std::string place;  ///< `line:column`
  std::string message;
  std::string hint;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// What the comments of a file demand: `#! COLUMN: message => hint`, any number in a line.
std::vector<Complaint> expected_in(const std::string& text) {
  std::vector<Complaint> expected;
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); i++) {
    std::size_t mark = lines[i].find("#! ");
    while (mark != std::string::npos) {
      const std::size_t next = lines[i].find("#! ", mark + 3);
      const std::string demand = lines[i].substr(mark + 3, next == std::string::npos ? next : next - mark - 3);
      const std::size_t colon = demand.find(": ");
      const std::size_t arrow = demand.find(" => ");
      const bool hinted = arrow != std::string::npos;
      expected.push_back({fmt::format("{}:{}", i + 1, demand.substr(0, colon)),
                          trimmed(demand.substr(colon + 2, hinted ? arrow - colon - 2 : arrow)),
                          hinted ? trimmed(demand.substr(arrow + 4)) : ""});
      mark = next;
    }
  }
  return expected;
}

/// The errors as printed: `file:line:column: error: message`, perhaps a line `      = hint` further down.
std::vector<Complaint> complaints_in(const std::string& errors, const std::string& file) {
  std::vector<Complaint> found;
  for (const std::string& line : lines_of(errors)) {
    const std::size_t error = line.find(": error: ");
    if (line.starts_with(file + ":") && error != std::string::npos) {
      found.push_back({line.substr(file.size() + 1, error - file.size() - 1), line.substr(error + 9), ""});
    } else if (line.starts_with("      = ") && !found.empty()) {
      found.back().hint = line.substr(8);
    }
  }
  return found;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_CASE("every file of tests/bad_input is refused for the reasons that it states") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/tests/bad_input"))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::size_t demanded = 0;
  for (const std::filesystem::path& file : files) {
    CAPTURE(file.string());
    const Loaded loaded = load_scenario(file);
    CHECK_FALSE(loaded.scenario.has_value());
    const std::vector<Complaint> expected = expected_in(read(file));
    const std::vector<Complaint> found = complaints_in(loaded.errors, file.string());
    INFO(loaded.errors);
    CHECK(found.size() == expected.size());
    CHECK_FALSE(expected.empty());
    for (const Complaint& wanted : expected) {
      CAPTURE(wanted.place);
      CAPTURE(wanted.message);
      CAPTURE(wanted.hint);
      CHECK(std::any_of(found.begin(), found.end(), [&](const Complaint& complaint) {
        return complaint.place == wanted.place && complaint.message.starts_with(wanted.message) &&
               complaint.hint.starts_with(wanted.hint);
      }));
    }
    demanded += expected.size();
  }
  CHECK(files.size() >= 25);
  CHECK(demanded >= 100);
}

}  // namespace
}  // namespace conclave
