// The results of tests in JUnit's XML, which CI servers read.
#pragma once

#include <string>
#include <vector>

namespace conclave {

/// One test and what came of it.
struct TestCase {
  std::string folder;
  std::string name;
  double wall_time_s = 0;
  std::string failure;  ///< empty if it passed; the first line sums it up
};

/// The whole document.
std::string junit_xml(const std::vector<TestCase>& cases);

}  // namespace conclave
