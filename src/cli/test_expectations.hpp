// What the scenarios of a folder must give: `expected.txt` beside them, a line for each, sorted, so that two branches
// that add scenarios merge.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace conclave {

inline constexpr std::string_view kExpectedFile = "expected.txt";

/// What a run gave, or must give.
struct Expectation {
  std::string verdict;
  std::string fingerprint;
  std::string decisions;  ///< their fingerprint; empty in files of old, which did not hold it
  bool operator==(const Expectation&) const = default;
  std::string text() const { return verdict + " " + fingerprint + (decisions.empty() ? "" : " " + decisions); }

  /// Whether `found` is as expected; with `decisions_only`, whenever and however things were decided.
  bool is_met_by(const Expectation& found, bool decisions_only) const {
    return verdict == found.verdict && (decisions.empty() || decisions == found.decisions) &&
           ((decisions_only && !decisions.empty()) || fingerprint == found.fingerprint);
  }
};

/// By the scenario's file name.
using Expectations = std::map<std::string, Expectation>;

/// Reads a folder's file; nothing is expected if there is none. Lines that say nothing are left out and described in
/// `problems`.
Expectations read_expectations(const std::filesystem::path& folder, std::vector<std::string>& problems);

/// Writes a folder's file unless it says so already; true if it did. Throws OutputError.
bool write_expectations(const std::filesystem::path& folder, const Expectations& expectations);

}  // namespace conclave
