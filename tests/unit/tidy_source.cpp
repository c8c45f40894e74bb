// Reading the source tree for the style test.

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

#include "source_dir.hpp"
#include "unit/tidy.hpp"

namespace conclave::tidy {

namespace fs = std::filesystem;

namespace {

/// Where the comment or literal that begins at `i` ends, or `i` if none begins there.
std::size_t skip_one(std::string_view text, std::size_t i) {
  const auto after = [&](std::string_view end, std::size_t from) {
    const std::size_t found = text.find(end, from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  const std::string_view rest = text.substr(i);
  if (rest.starts_with("//")) return std::min(text.find('\n', i), text.size());
  if (rest.starts_with("/*")) return after("*/", i + 2);
  if (rest.starts_with("R\"")) {
    const std::size_t open = text.find('(', i);
    return after(")" + std::string(text.substr(i + 2, open - i - 2)) + "\"", open);
  }
  const bool digit_separator = rest[0] == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1]));
  if ((rest[0] != '"' && rest[0] != '\'') || digit_separator) return i;
  std::size_t end = i + 1;
  while (end < text.size() && text[end] != rest[0] && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

}  // namespace

Source::Source(std::string where, std::string what)
    : path(std::move(where)), text(std::move(what)), code(strip(text)) {}

std::string strip(std::string_view text) {
  std::string code;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = skip_one(text, i);
    if (end == i) {
      code += text[i++];
      continue;
    }
    for (; i < end; i++) code += text[i] == '\n' ? '\n' : ' ';
  }
  return code;
}

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string without_raw_literals(std::string_view text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = skip_one(text, i);
    if (text.substr(i).starts_with("R\"")) {
      for (; i < end; i++)
        if (text[i] == '\n') kept += '\n';
    } else {
      kept += text.substr(i, std::max(end, i + 1) - i);
      i = std::max(end, i + 1);
    }
  }
  return kept;
}

fs::path root() {
  return source_dir();
}

const std::vector<Source>& tree() {
  static const std::vector<Source> all = [] {
    std::vector<Source> found;
    for (const char* folder : {"src", "tests"}) {
      for (const auto& entry : fs::recursive_directory_iterator(root() / folder)) {
        const std::string extension = entry.path().extension().string();
        if (extension == ".cpp" || extension == ".hpp")
          found.emplace_back(fs::relative(entry.path(), root()).generic_string(), read(entry.path()));
      }
    }
    std::sort(found.begin(), found.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
    return found;
  }();
  return all;
}

}  // namespace conclave::tidy
