// Running a program and reading what it prints.
#pragma once

#include <string>
#include <vector>

namespace conclave::bench {

/// The standard output of the program. Throws std::runtime_error when it does not end with exit code 0.
std::string output_of(const std::vector<std::string>& arguments);

}  // namespace conclave::bench
