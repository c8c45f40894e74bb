// The style test's view of the source tree, and its rules.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace conclave::tidy {

inline constexpr std::size_t kColumnsMax = 120;
inline constexpr std::size_t kFileLinesMax = 500;
inline constexpr std::size_t kFunctionLinesMax = 70;

/// A source file: as it is, and with comments and literals blanked out, line by line the same.
struct Source {
  Source(std::string path, std::string text);

  std::string path;  ///< from the project's folder, with `/`
  std::string text;
  std::string code;
};

/// What a rule found: the line, from 0, and what is wrong with it.
struct Finding {
  std::size_t line;
  std::string problem;
};
using Findings = std::vector<Finding>;

struct Rule {
  std::string_view name;
  Findings (*find)(const Source&);
};
extern const std::vector<Rule> kRules;

/// Which module may include which, and which libraries.
Findings arrow_rule(const Source& file);
/// Calls whose results would differ from run to run or from machine to machine.
Findings ban_rule(const Source& file);
/// Tests that are skipped or excused.
Findings skip_rule(const Source& file);
/// Notes of unfinished work.
Findings leftover_rule(const Source& file);
/// Lines, but for the insides of raw literals, which cannot be broken.
Findings line_rule(const Source& file);
Findings file_rule(const Source& file);
Findings function_rule(const Source& file);
/// Components register themselves under the name of their file.
Findings component_rule(const Source& file);
Findings header_rule(const Source& file);

/// A word, or words joined by `::`, or a word and `(`, that ban_rule refuses.
struct Ban {
  std::string_view word;
  std::string_view instead;
  std::vector<std::string_view> allowed{};  ///< beginnings of paths where it may be used all the same
};
extern const std::vector<Ban> kBans;

/// The project's folder.
std::filesystem::path root();
std::string read(const std::filesystem::path& path);
/// Every source file under src and tests, in the order of their paths.
const std::vector<Source>& tree();
/// The text with comments and literals turned into blanks; ends of lines stay.
std::string strip(std::string_view text);
/// The text without its raw literals, but with as many lines.
std::string without_raw_literals(std::string_view text);
std::vector<std::string> lines_of(const std::string& text);
/// True if one of the file(GLOB…) patterns of a CMakeLists.txt covers the path.
bool covered(const std::string& path, const std::string& cmake);
/// Headers of src that no file includes.
std::vector<std::string> dead_headers(const std::vector<Source>& files);
/// Types that two headers of src define under one name: the linker would take one for the other, without a word.
std::vector<std::string> doubled_types(const std::vector<Source>& files);

}  // namespace conclave::tidy
