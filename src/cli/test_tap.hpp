// The results of tests as TAP version 13, which `prove` and CI servers read, and as annotations of GitHub's.
#pragma once

#include <string>
#include <vector>

#include "cli/test_junit.hpp"

namespace conclave {

/// The whole stream: `prove` of Debian 12 knows version 13, and refuses 14.
std::string tap(const std::vector<TestCase>& cases);

/// Workflow commands, which GitHub shows beside the code. It takes ten of a step: the last of more counts the others.
inline constexpr std::size_t kAnnotationsMax = 10;
std::string github_annotations(const std::vector<TestCase>& cases);

/// A table in Markdown for GitHub's page of the run, which takes a megabyte.
std::string github_summary(const std::vector<TestCase>& cases);

}  // namespace conclave
