// Lab notebooks: text files that drive a protocol and say what must happen, for people to read and for the machine to
// compare.
//
//   # Prose, for whoever wants to understand.
//   request client[0]
//   deliver kind=request
//   ----
//   what these commands wrote, up to an empty line
//
// A step is one or more commands, a line `----` and the expected page. Prose and empty lines may stand before a step
// and at the end.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace conclave::lab {

/// What is wrong with a notebook, apart from what its protocols do; says the line.
struct NotebookError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Runs a notebook in a fresh lab and returns it with what the commands wrote now in place of what was expected. A
/// notebook holds if this is the notebook itself.
std::string replay(std::string_view notebook);

/// The lines in which two texts differ, `-` for expected and `+` for actual, with some lines around them.
std::string difference(std::string_view expected, std::string_view actual);

}  // namespace conclave::lab
