#include "lab/notebook.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "lab/lab.hpp"

namespace conclave::lab {

namespace {

constexpr std::string_view kSeparator = "----";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_prose(std::string_view line) {
  return line.empty() || line.front() == '#';
}

NotebookError error_at(std::size_t line, std::string_view problem) {
  return NotebookError(fmt::format("line {}: {}", line + 1, problem));
}

std::string run_command(Lab& lab, std::string_view command, std::size_t line) {
  try {
    const std::string page = lab.run(command);
    if (page.starts_with('\n') || page.find("\n\n") != std::string::npos)
      throw LabError("it writes an empty line, which would end its page");
    return page;
  } catch (const LabError& problem) {
    throw error_at(line, fmt::format("`{}`: {}", command, problem.what()));
  }
}

}  // namespace

std::string replay(std::string_view notebook) {
  const std::vector<std::string_view> lines = lines_of(notebook);
  Lab lab;
  std::string out;
  bool any_step = false;
  for (std::size_t i = 0; i < lines.size();) {
    if (is_prose(lines[i])) {
      out.append(lines[i++]) += '\n';
      continue;
    }
    any_step = true;
    std::string page;
    for (; i < lines.size() && lines[i] != kSeparator; i++) {
      if (is_prose(lines[i])) throw error_at(i, "a line `----` should follow the command");
      page += run_command(lab, lines[i], i);
      out.append(lines[i]) += '\n';
    }
    if (i == lines.size()) throw error_at(i - 1, "a line `----` should follow the command");
    out.append(kSeparator) += '\n';
    out += page;
    i++;
    while (i < lines.size() && !lines[i].empty()) i++;  // what was expected until now
  }
  if (!any_step) throw NotebookError("there is no command in this notebook");
  return out;
}

std::string difference(std::string_view expected, std::string_view actual) {
  constexpr std::size_t kAround = 3;
  const std::vector<std::string_view> before = lines_of(expected), after = lines_of(actual);
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t head = 0, tail = 0;
  while (head < shorter && before[head] == after[head]) head++;
  while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) tail++;
  std::string out = fmt::format("at line {}:\n", head + 1);
  const auto add = [&](char mark, const std::vector<std::string_view>& lines, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; i++) out += fmt::format("{} {}\n", mark, lines[i]);
  };
  add(' ', before, head - std::min(head, kAround), head);
  add('-', before, head, before.size() - tail);
  add('+', after, head, after.size() - tail);
  add(' ', before, before.size() - tail, before.size() - tail + std::min(tail, kAround));
  return out;
}

}  // namespace conclave::lab
