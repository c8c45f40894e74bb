// Builds the tree from yaml-cpp's events, not from its nodes: events carry the place of everything, and its nodes
// accept keys given twice, aliases that contain themselves and documents that expand without end.

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include "scenario/utf8.hpp"
#include "scenario/yaml.hpp"

namespace conclave {

namespace {

/// Ends parsing; the error is already reported.
struct Refused {};

constexpr std::string_view kNoAnchors = "anchors and aliases are not supported: write the value out";

/// Turns yaml-cpp's places (from 0, in bytes) into ours (from 1, in characters).
class Places {
 public:
  explicit Places(std::string_view source) : source_(source) {}

  Location at(const YAML::Mark& mark) {
    const std::size_t place = position(mark);
    const std::size_t column = static_cast<std::size_t>(std::max(mark.column, 0));
    return {static_cast<std::uint32_t>(std::max(mark.line, 0)) + 1, characters(place - std::min(place, column), place)};
  }
  /// Without a mark, the slow way.
  Location of_byte(std::size_t place) const {
    const std::string_view before = source_.substr(0, place);
    const std::string_view line = before.substr(before.rfind('\n') + 1);
    return {static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
            static_cast<std::uint32_t>(std::count_if(line.begin(), line.end(), starts_character) + 1)};
  }
  std::size_t position(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), source_.size());
  }
  char byte(const YAML::Mark& mark) const { return position(mark) < source_.size() ? source_[position(mark)] : '\0'; }
  std::string_view before(const YAML::Mark& mark) const { return source_.substr(0, position(mark)); }
  std::string_view from(const YAML::Mark& mark) const { return source_.substr(position(mark)); }

 private:
  /// One more than the characters from `line_start` to `place`. Goes on from the last answer: a scenario of one long
  /// line would otherwise take quadratic time.
  std::uint32_t characters(std::size_t line_start, std::size_t place) {
    if (line_start != line_start_ || place < counted_to_) {
      line_start_ = counted_to_ = line_start;
      column_ = 1;
    }
    for (; counted_to_ < place; counted_to_++) column_ += starts_character(source_[counted_to_]);
    return column_;
  }

  std::string_view source_;
  std::size_t line_start_ = 0;
  std::size_t counted_to_ = 0;
  std::uint32_t column_ = 1;
};

std::string_view without_blanks(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

/// Whether the quoted text that `text` begins with ends. Requires that it begins with a quote.
bool closes_its_quote(std::string_view text) {
  const char quote = text[0];
  for (std::size_t i = 1; i < text.size(); i++) {
    const bool doubled = quote == '\'' && text.substr(i).starts_with("''");
    if (doubled || (quote == '"' && text[i] == '\\')) {
      i++;
    } else if (text[i] == quote) {
      return true;
    }
  }
  return false;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view source, Diagnostics& diagnostics) : places_(source), diagnostics_(diagnostics) {}

  std::optional<Value> take_root() { return std::move(root_); }
  const Places& places() const { return places_; }
  /// Where the innermost list or map that is still open began.
  std::optional<Location> open_since() const {
    return open_.empty() ? std::nullopt : std::optional(open_.back().value.at);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!root_) return;
    if (places_.from(mark).starts_with("---"))
      refuse(mark, "a second document begins here", "a scenario is one document");
    refuse(mark, "this does not continue what stands above", "check the indentation");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    note_node(mark);
    Value value;
    value.at = places_.at(before_missing(mark));
    place(std::move(value), mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(mark, std::string(kNoAnchors)); }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse(mark, std::string(kNoAnchors)); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& text) override {
    note_node(mark);
    const bool quoted = tag == "!";
    const char first = places_.byte(mark);
    if (quoted && (first == '"' || first == '\'') && !closes_its_quote(places_.from(mark)))
      refuse(mark, "this quote is never closed");
    place(Value::scalar(text, quoted, places_.at(mark)), mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    open(mark, Value::list({}, places_.at(mark)));
    open_.back().dashes = style == YAML::EmitterStyle::Block;
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, Value::map(places_.at(mark)));
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Value value;
    bool dashes = false;                ///< a list with an entry a line
    std::optional<Value::Entry> key{};  ///< of a map: read, and its value not yet
    std::unordered_map<std::string, Location> keys{};
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message, std::string hint = {}) {
    diagnostics_.error(places_.at(mark), std::move(message), std::move(hint));
    throw Refused();
  }

  void note_node(const YAML::Mark& mark) {
    if (++nodes_ > kScenarioNodesMax)
      refuse(mark, fmt::format("more than {} values: this is no scenario", kScenarioNodesMax));
    if (places_.byte(mark) == '!') diagnostics_.error(places_.at(mark), "tags are not supported: leave it out");
  }

  void open(const YAML::Mark& mark, Value value) {
    note_node(mark);
    if (awaits_key()) refuse(mark, "a key must be a text, not " + value.describe(), "a bracket may be left open");
    if (open_.size() == kScenarioDepthMax)
      refuse(mark, fmt::format("lists and maps are nested more than {} deep", kScenarioDepthMax));
    open_.push_back({.value = std::move(value)});
  }

  void close() {
    Value value = std::move(open_.back().value);
    open_.pop_back();
    put(std::move(value));
  }

  bool awaits_key() const { return !open_.empty() && open_.back().value.is_map() && !open_.back().key; }

  void place(Value value, const YAML::Mark& mark) {
    if (awaits_key()) {
      take_key(std::move(value), mark);
    } else {
      put(std::move(value));
    }
  }

  void take_key(Value value, const YAML::Mark& mark) {
    if (!value.is_scalar()) refuse(mark, "a key must be a text, not " + value.describe());
    if (value.text == "<<" && !value.quoted) refuse(mark, "merge keys are not supported: write the entries out");
    Open& map = open_.back();
    const auto [first, fresh] = map.keys.emplace(value.text, value.at);
    if (!fresh)
      diagnostics_.error(value.at, fmt::format("the key `{}` is given twice", value.text),
                         fmt::format("the first is in line {}", first->second.line));
    map.key = Value::Entry{std::move(value.text), value.at, {}};
  }

  /// Adds a finished value to what encloses it.
  void put(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& parent = open_.back();
    if (parent.value.is_list()) {
      parent.value.items.push_back(std::move(value));
      return;
    }
    if (value.kind == Value::Kind::null) value.at = parent.key->at;
    parent.key->value = std::move(value);
    parent.value.entries.push_back(std::move(*parent.key));
    parent.key.reset();
  }

  /// yaml-cpp places a list entry that is not there at whatever comes next: better at the `-` that announced it.
  YAML::Mark before_missing(YAML::Mark mark) const {
    if (open_.empty() || !open_.back().dashes) return mark;
    const std::string_view all = places_.before(mark);
    std::string_view before = without_blanks(all);
    std::size_t line_start = before.rfind('\n') + 1;
    for (std::size_t comment; (comment = before.find('#', line_start)) != std::string_view::npos;) {
      before = without_blanks(before.substr(0, comment));
      line_start = before.rfind('\n') + 1;
    }
    if (!before.ends_with('-')) return mark;
    mark.line -=
        static_cast<int>(std::count(all.begin() + static_cast<std::ptrdiff_t>(before.size()), all.end(), '\n'));
    mark.column = static_cast<int>(before.size() - 1 - line_start);
    mark.pos = static_cast<int>(before.size() - 1);
    return mark;
  }

  Places places_;
  Diagnostics& diagnostics_;
  std::vector<Open> open_;
  std::optional<Value> root_;
  std::size_t nodes_ = 0;
};

struct Translation {
  std::string_view yaml_cpp;  ///< how its message begins
  std::string_view message;
  std::string_view hint;
};

constexpr std::string_view kQuoteIt = "a text with special characters needs quotes: \"…\"";
constexpr std::string_view kIndentation = "check the indentation, and that the line above is complete";
const Translation kTranslations[] = {
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, kNoAnchors, ""},
    {YAML::ErrorMsg::ALIAS_NOT_FOUND, kNoAnchors, ""},
    {YAML::ErrorMsg::ANCHOR_NOT_FOUND, kNoAnchors, ""},
    {YAML::ErrorMsg::CHAR_IN_ALIAS, kNoAnchors, ""},
    {YAML::ErrorMsg::CHAR_IN_ANCHOR, kNoAnchors, ""},
    {YAML::ErrorMsg::TAG_WITH_NO_SUFFIX, "tags are not supported: leave it out", ""},
    {YAML::ErrorMsg::END_OF_VERBATIM_TAG, "tags are not supported: leave it out", ""},
    {YAML::ErrorMsg::CHAR_IN_TAG_HANDLE, "tags are not supported: leave it out", ""},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "`,` or `}` is missing before this", kQuoteIt},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "`,` or `]` is missing before this", kQuoteIt},
    {YAML::ErrorMsg::END_OF_MAP, "this does not fit the map that it stands in", kIndentation},
    {YAML::ErrorMsg::END_OF_SEQ, "this does not fit the list that it stands in", kIndentation},
    {YAML::ErrorMsg::FLOW_END, "this bracket closes nothing that is open", ""},
    {YAML::ErrorMsg::MAP_VALUE, "a `:` is not expected here", "either the indentation is wrong, or quotes are missing"},
    {YAML::ErrorMsg::MAP_KEY, "a key is not expected here", kIndentation},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a list entry is not expected here", "begin the list on a line of its own"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "no value can begin with this character", kQuoteIt},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "the text ends within quotes", ""},
    {YAML::ErrorMsg::INVALID_ESCAPE, "unknown escape after `\\`", "write `\\\\` for a backslash, or use '…'"},
};

/// Reports what yaml-cpp could not parse, in words that need no knowledge of its inside.
void report(const YAML::Exception& failure, const TreeBuilder& builder, Diagnostics& diagnostics) {
  const Places& places = builder.places();
  const Location at = places.of_byte(places.position(failure.mark));  // its line and column are lost at the end of file
  const std::string_view before = places.before(failure.mark);
  const std::string_view line = before.substr(before.rfind('\n') + 1);
  const bool indents_with_tab = line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
  if (indents_with_tab || failure.msg == YAML::ErrorMsg::TAB_IN_INDENTATION)
    return diagnostics.error(at, "a tab is used for indentation", "indent with spaces");

  const bool in_brackets =
      failure.msg == YAML::ErrorMsg::END_OF_MAP_FLOW || failure.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW;
  if (in_brackets && places.from(failure.mark).empty() && builder.open_since())
    return diagnostics.error(*builder.open_since(), "this bracket is never closed");
  if (in_brackets && places.byte(failure.mark) == '[' && !before.empty() && before.back() != ' ')
    return diagnostics.error(at, "within brackets, a text with `[` needs quotes", "for example \"replica[3]\"");

  for (const Translation& known : kTranslations)
    if (failure.msg.starts_with(known.yaml_cpp))
      return diagnostics.error(at, std::string(known.message), std::string(known.hint));
  diagnostics.error(at, "this is not YAML: " + failure.msg);
}

bool check_text(std::string_view text, Diagnostics& diagnostics) {
  if (text.size() > kScenarioBytesMax) {
    diagnostics.error({1, 1}, fmt::format("larger than {} bytes: this is no scenario", kScenarioBytesMax));
    return false;
  }
  const std::size_t bad = find_bad_byte(text);
  if (bad == std::string_view::npos) return true;
  diagnostics.error(Places(text).of_byte(bad),
                    fmt::format("the byte 0x{:02x} is not text in UTF-8", static_cast<unsigned char>(text[bad])),
                    "a scenario is a text file in UTF-8 without control characters");
  return false;
}

}  // namespace

std::optional<Value> parse_yaml(std::string_view text, Diagnostics& diagnostics) {
  if (!check_text(text, diagnostics)) return std::nullopt;
  const std::size_t errors_before = diagnostics.count();
  TreeBuilder builder(text, diagnostics);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& failure) {
    report(failure, builder, diagnostics);
  } catch (const Refused&) {
  }
  if (diagnostics.count() > errors_before) return std::nullopt;
  std::optional<Value> root = builder.take_root();
  if (!root) diagnostics.error({1, 1}, "there is nothing in it");
  return root;
}

}  // namespace conclave
