#include "core/diagnostics.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace conclave {

namespace {

/// Levenshtein distance with swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); j++) previous[j] = j;
  before = previous;
  for (std::size_t i = 1; i <= a.size(); i++) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); j++) {
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before[j - 2] + 1);
    }
    before = previous;
    previous = current;
  }
  return previous[b.size()];
}

std::string_view line_of(std::string_view source, std::uint32_t line) {
  while (line > 1) {
    const std::size_t end = source.find('\n');
    if (end == std::string_view::npos) return {};
    source.remove_prefix(end + 1);
    line--;
  }
  return source.substr(0, source.find('\n'));
}

/// For a terminal: control characters, which a file may hold by accident or malice, become spaces.
std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string place(const Location& at, std::string_view file, const std::vector<std::string>& overrides) {
  if (at.line > 0) return fmt::format("{}:{}:{}", file, at.line, at.column);
  if (at.column > 0 && at.column <= overrides.size()) return "--set " + overrides[at.column - 1];
  return std::string(file);
}

}  // namespace

void Diagnostics::error(Location at, std::string message, std::string hint) {
  for (const Diagnostic& known : all_)
    if (known.at == at && known.message == message) return;
  if (all_.size() >= kDiagnosticsMax) {
    left_out_++;
    return;
  }
  all_.push_back({at, std::move(message), std::move(hint)});
}

std::string Diagnostics::text(std::string_view file, std::string_view source,
                              const std::vector<std::string>& overrides) const {
  constexpr std::size_t kShownColumns = 160;
  std::vector<Diagnostic> sorted = all_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.at < b.at; });
  std::string out;
  for (const Diagnostic& diagnostic : sorted) {
    out += printable(fmt::format("{}: error: {}", place(diagnostic.at, file, overrides), diagnostic.message)) + "\n";
    const std::string_view line = diagnostic.at.line > 0 ? line_of(source, diagnostic.at.line) : "";
    if (!line.empty() && line.size() <= kShownColumns) {
      out += fmt::format("{:>5} | {}\n", diagnostic.at.line, printable(line));
      out += fmt::format("      | {:>{}}\n", "^", diagnostic.at.column);
    }
    if (!diagnostic.hint.empty()) out += fmt::format("      = {}\n", printable(diagnostic.hint));
  }
  if (left_out_ > 0) out += fmt::format("{}: error: {} more errors are not shown\n", file, left_out_);
  return out;
}

std::string nearest(std::string_view wanted, const std::vector<std::string>& names) {
  constexpr std::size_t kCompared = 64;
  wanted = wanted.substr(0, kCompared);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(wanted, name);
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string suggestion(std::string_view wanted, const std::vector<std::string>& names) {
  constexpr std::size_t kListed = 12;
  if (const std::string near = nearest(wanted, names); !near.empty()) return fmt::format("did you mean `{}`?", near);
  if (names.empty() || names.size() > kListed) return {};
  return fmt::format("expected one of: {}", fmt::join(names, ", "));
}

}  // namespace conclave
