// The rules of the style test.

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "unit/tidy.hpp"

namespace conclave::tidy {

namespace fs = std::filesystem;

namespace {

/// Modules that a module may include, besides itself.
const std::map<std::string, std::set<std::string>> kArrows{
    {"core", {}},
    {"protocols", {"core"}},
    {"behaviours", {"core"}},
    {"links", {"core"}},
    {"checkers", {"core"}},
    {"outcomes", {"core"}},
    {"trace", {"core"}},
    {"scenario", {"core"}},
    {"engine", {"core", "links", "scenario", "trace"}},
    {"sweep", {"core", "scenario", "trace"}},
    {"cli", {"core", "scenario", "trace", "engine", "sweep"}},
};

/// Libraries that one module alone may include.
const std::map<std::string, std::string> kLibraries{
    {"simgrid", "engine"},  {"xbt", "engine"},  {"yaml-cpp", "scenario"}, {"CLI", "cli"},       {"SQLiteCpp", "sweep"},
    {"sqlite3.h", "sweep"}, {"boost", "sweep"}, {"zstd.h", "trace"},      {"sodium.h", "core"}, {"xxhash.h", "core"}};

/// The folder under src, or an empty string.
std::string module_of(const std::string& path) {
  if (!path.starts_with("src/")) return {};
  return path.substr(4, path.find('/', 4) - 4);
}

std::string stem_of(const std::string& path) {
  return fs::path(path).stem().string();
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Where `word` stands in `line` as a whole word, or npos.
std::size_t find_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word(line[at - 1]);
    const bool ends = !is_word(word.back()) || end == line.size() || !is_word(line[end]);
    if (begins && ends) return at;
  }
  return std::string_view::npos;
}

/// Columns of a line: characters, not bytes.
std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// True if a block whose text up to the brace is `head` is one whose length is not a function's: a namespace, a type, a
/// table of values.
bool is_container(std::string_view head) {
  for (const std::string_view word : {"namespace", "class", "struct", "union", "enum"}) {
    const std::size_t at = find_word(head, word);
    if (at == std::string_view::npos) continue;
    const auto before = head.substr(0, at);
    const bool parameter =
        std::count(before.begin(), before.end(), '(') > std::count(before.begin(), before.end(), ')');
    if (!parameter && head.find('(', at) == std::string_view::npos) return true;
  }
  const std::size_t last = head.find_last_not_of(" \n");
  return last == std::string_view::npos || head[last] == '=' || head[last] == ',' || head[last] == '(' ||
         head.find('(') == std::string_view::npos;
}

}  // namespace

// What may include what.

Findings arrow_rule(const Source& file) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s+(["<])([^/">]+)[^">]*[">])re");
  const std::string module = module_of(file.path);
  if (module.empty()) return {};
  const auto arrows = kArrows.find(module);
  if (arrows == kArrows.end()) return {{0, fmt::format("the module {} is unknown to kArrows", module)}};
  Findings found;
  const std::vector<std::string> lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); i++) {
    std::smatch include;
    if (!std::regex_search(lines[i], include, kInclude)) continue;
    const std::string first = include[2];
    if (include[1] == "\"") {
      if (first != module && !arrows->second.contains(first))
        found.push_back({i, fmt::format("{} must not include {}", module, first)});
    } else if (const auto library = kLibraries.find(first); library != kLibraries.end() && library->second != module) {
      found.push_back({i, fmt::format("only {} includes {}", library->second, first)});
    }
  }
  return found;
}

// Banned words.

const std::vector<Ban> kBans{
    {"std::rand", "Random from the View, or a Stream"},
    {"rand(", "Random from the View, or a Stream"},
    {"srand", "a Stream of the scenario's seed"},
    {"random_device", "a Stream of the scenario's seed"},
    {"mt19937", "Random"},
    {"mt19937_64", "Random"},
    {"minstd_rand", "Random"},
    {"default_random_engine", "Random"},
    {"uniform_int_distribution", "Random::below"},
    {"uniform_real_distribution", "Random::below with integers"},
    {"bernoulli_distribution", "Random::hits"},
    {"normal_distribution", "an inverse of the distribution over words of a Stream"},
    {"exponential_distribution", "an inverse of the distribution over words of a Stream"},
    {"poisson_distribution", "an inverse of the distribution over words of a Stream"},
    {"discrete_distribution", "Random::below and running sums"},
    {"std::shuffle", "a shuffle by Random::below"},
    {"random_shuffle", "a shuffle by Random::below"},
    {"std::sample", "a choice by Random::below"},
    {"std::hash", "hash64 (core/hash.hpp)"},
    {"unordered_map",
     "std::map or a sorted vector: its order would reach the results",
     {"src/scenario/yaml_parse.cpp"}},  // looked up, never walked
    {"unordered_set", "std::set or a sorted vector: its order would reach the results"},
    {"unordered_multimap", "std::multimap: its order would reach the results"},
    {"system_clock", "View::now", {"src/cli/", "src/engine/progress"}},
    {"steady_clock", "View::now", {"src/cli/", "src/engine/progress", "src/sweep/workers"}},
    {"high_resolution_clock", "View::now"},
    {"std::time", "View::now", {"src/cli/"}},
    {"time(nullptr", "View::now", {"src/cli/"}},
    {"time(NULL", "View::now", {"src/cli/"}},
    {"gettimeofday", "View::now"},
    {"clock_gettime", "View::now"},
    {"sleep_for", "a timer"},
    {"getenv", "an option of the scenario or of the command line", {"src/cli/"}},
};

Findings ban_rule(const Source& file) {
  if (module_of(file.path).empty()) return {};
  Findings found;
  const std::vector<std::string> lines = lines_of(file.code);
  for (const Ban& ban : kBans) {
    const auto covers = [&](std::string_view beginning) { return file.path.starts_with(beginning); };
    if (std::any_of(ban.allowed.begin(), ban.allowed.end(), covers)) continue;
    for (std::size_t i = 0; i < lines.size(); i++)
      if (find_word(lines[i], ban.word) != std::string_view::npos)
        found.push_back({i, fmt::format("{} is banned, use {}", ban.word, ban.instead)});
  }
  return found;
}

// Leftovers. The words are put together from parts, or this file would break its own rules.

Findings skip_rule(const Source& file) {
  Findings found;
  const std::vector<std::string> lines = lines_of(file.code);
  for (std::size_t i = 0; i < lines.size(); i++)
    for (const char* word : {"skip(", "may_fail", "should_fail", "expected_failures"})
      if (find_word(lines[i], "doctest") != std::string_view::npos && lines[i].find(word) != std::string::npos)
        found.push_back({i, "tests are mended or removed, never skipped or excused"});
  return found;
}

Findings leftover_rule(const Source& file) {
  static const std::string kMarks[] = {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("XX") + "X"};
  Findings found;
  const std::vector<std::string> lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); i++)
    for (const std::string& mark : kMarks)
      if (find_word(lines[i], mark) != std::string_view::npos) found.push_back({i, mark + " left in the code"});
  return found;
}

// Sizes.

Findings line_rule(const Source& file) {
  Findings found;
  const std::vector<std::string> lines = lines_of(without_raw_literals(file.text));
  for (std::size_t i = 0; i < lines.size(); i++)
    if (columns(lines[i]) > kColumnsMax)
      found.push_back({i, fmt::format("{} columns, {} at most", columns(lines[i]), kColumnsMax)});
  return found;
}

Findings file_rule(const Source& file) {
  const std::size_t lines = lines_of(file.text).size();
  if (lines <= kFileLinesMax) return {};
  return {{kFileLinesMax, fmt::format("{} lines, {} at most: split the file", lines, kFileLinesMax)}};
}

Findings function_rule(const Source& file) {
  struct Block {
    std::size_t line;
    bool function;
  };
  Findings found;
  std::vector<Block> open;
  std::size_t line = 0, head = 0;
  for (std::size_t i = 0; i < file.code.size(); i++) {
    const char c = file.code[i];
    if (c == '\n') line++;
    if (c == '{') open.push_back({line, !is_container(std::string_view(file.code).substr(head, i - head))});
    if (c == '}' && !open.empty()) {
      const std::size_t lines = line - open.back().line + 1;
      if (open.back().function && lines > kFunctionLinesMax)
        found.push_back(
            {open.back().line, fmt::format("a function of {} lines, {} at most", lines, kFunctionLinesMax)});
      open.pop_back();
    }
    if (c == '{' || c == '}' || c == ';') head = i + 1;
  }
  return found;
}

// Components and headers.

/// Whether a file holds a part of a component that another one registers: pbft/view_change.cpp one of pbft/pbft.cpp,
/// hotstuff_evidence.cpp one of hotstuff.cpp.
bool part_of_component(const fs::path& path) {
  const fs::path folder = path.parent_path();
  if (fs::exists(root() / folder / (folder.filename().string() + ".cpp"))) return true;
  const std::string stem = path.stem().string();
  for (std::size_t end = stem.find('_'); end != stem.npos; end = stem.find('_', end + 1))
    if (fs::exists(root() / folder / (stem.substr(0, end) + ".cpp"))) return true;
  return false;
}

Findings component_rule(const Source& file) {
  static const std::set<std::string> kModules{"protocols", "behaviours", "checkers", "outcomes"};
  static const std::regex kAdd(R"re(Catalog::add<[^;]*?\.name\s*=\s*"([^"]*)")re");
  if (!kModules.contains(module_of(file.path))) return {};
  std::vector<std::string> names;
  for (auto match = std::sregex_iterator(file.text.begin(), file.text.end(), kAdd); match != std::sregex_iterator();
       ++match)
    names.push_back((*match)[1]);
  const bool helper = file.path.ends_with(".hpp") || fs::exists((root() / file.path).replace_extension(".hpp")) ||
                      part_of_component(file.path);
  if (names.empty() && helper) return {};
  if (names.size() == 1 && names[0] == stem_of(file.path) && file.path.ends_with(".cpp")) return {};
  return {
      {0,
       fmt::format(
           "a component file registers exactly the name of its stem, \"{}\"; a helper has a header, or is named after "
           "the component that it is a part of",
           stem_of(file.path))}};
}

Findings header_rule(const Source& file) {
  if (!file.path.ends_with(".hpp") || file.text.find("#pragma once") != std::string::npos) return {};
  return {{0, "a header needs #pragma once"}};
}

const std::vector<Rule> kRules{
    {"arrows", arrow_rule},
    {"bans", ban_rule},
    {"skipped tests", skip_rule},
    {"leftovers", leftover_rule},
    {"line length", line_rule},
    {"file length", file_rule},
    {"function length", function_rule},
    {"components", component_rule},
    {"headers", header_rule},
};

// Rules about the tree as a whole.

bool covered(const std::string& path, const std::string& cmake) {
  static const std::regex kGlob(R"re(file\(\s*(GLOB_RECURSE|GLOB)\s+\w+\s+CONFIGURE_DEPENDS\s+([^)]*)\))re");
  for (auto glob = std::sregex_iterator(cmake.begin(), cmake.end(), kGlob); glob != std::sregex_iterator(); ++glob) {
    std::istringstream patterns((*glob)[2]);
    for (std::string pattern; patterns >> pattern;) {
      const fs::path folder = fs::path(pattern).parent_path(), parent = fs::path(path).parent_path();
      const bool below = (*glob)[1] == "GLOB_RECURSE" && path.starts_with(folder.generic_string() + "/");
      if (pattern.ends_with("/*.cpp") && (parent == folder || below)) return true;
    }
  }
  return false;
}

std::vector<std::string> dead_headers(const std::vector<Source>& files) {
  std::vector<std::string> dead;
  for (const Source& header : files) {
    if (!header.path.starts_with("src/") || !header.path.ends_with(".hpp")) continue;
    const std::string include = "#include \"" + header.path.substr(4) + "\"";
    const auto names_it = [&](const Source& file) { return file.text.find(include) != std::string::npos; };
    if (std::none_of(files.begin(), files.end(), names_it)) dead.push_back(header.path);
  }
  return dead;
}

std::vector<std::string> doubled_types(const std::vector<Source>& files) {
  static const std::regex kType(R"re(^(?:struct|class|enum class) (\w+)(?: final)?(?: :[^\n;]*)? \{)re");
  std::map<std::string, std::string> first;
  std::vector<std::string> doubled;
  for (const Source& header : files) {
    if (!header.path.starts_with("src/") || !header.path.ends_with(".hpp")) continue;
    for (const std::string& line : lines_of(header.code)) {
      std::smatch type;
      if (!std::regex_search(line, type, kType)) continue;
      const auto [known, fresh] = first.try_emplace(type[1], header.path);
      if (!fresh) doubled.push_back(fmt::format("{}: {} and {}", type[1].str(), known->second, header.path));
    }
  }
  return doubled;
}

}  // namespace conclave::tidy
