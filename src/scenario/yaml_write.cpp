#include <fmt/core.h>

#include <algorithm>

#include "scenario/yaml.hpp"

namespace conclave {

namespace {

/// Longest list that is written in one line.
constexpr std::size_t kInlineColumns = 100;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// True for texts that are texts to every reader of YAML, without quotes.
bool is_plain_text(std::string_view text) {
  static constexpr std::string_view kTaken[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  std::string lower(text);
  for (char& c : lower) c = is_letter(c) ? static_cast<char>(c | 0x20) : c;
  if (text.empty() || text.back() == ' ' || !(is_letter(text[0]) || text[0] == '_' || text[0] == '/')) return false;
  if (std::find(std::begin(kTaken), std::end(kTaken), lower) != std::end(kTaken)) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view(" _-./%()+;").find(c) != std::string_view::npos;
  });
}

/// True for numbers, quantities and the like, which are what they are because they have no quotes.
bool is_plain_quantity(std::string_view text) {
  const bool begins_well =
      !text.empty() && (is_digit(text[0]) || (text[0] == '-' && text.size() > 1 && is_digit(text[1])));
  return begins_well && text.back() != ' ' && std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter(c) || is_digit(c) || std::string_view(" _-./%+").find(c) != std::string_view::npos;
         });
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string scalar_text(const Value& value) {
  const bool is_word = value.text == "true" || value.text == "false";
  const bool plain = is_plain_text(value.text) || (!value.quoted && (is_word || is_plain_quantity(value.text)));
  return plain ? value.text : in_quotes(value.text);
}

std::string key_text(const std::string& key) {
  return is_plain_text(key) ? key : in_quotes(key);
}

/// The value in one line, or nothing if it is not that simple.
std::optional<std::string> in_one_line(const Value& value) {
  if (value.kind == Value::Kind::null) return "null";
  if (value.is_scalar()) return scalar_text(value);
  if (value.is_map()) return value.entries.empty() ? std::optional<std::string>("{}") : std::nullopt;
  std::string out;
  for (const Value& item : value.items) {
    if (item.is_map() || item.is_list()) return std::nullopt;
    out += (out.empty() ? "" : ", ") + *in_one_line(item);
    if (out.size() > kInlineColumns) return std::nullopt;
  }
  return "[" + out + "]";
}

void write_block(const Value& value, std::size_t indent, std::string& out);

/// What follows `key:`.
void write_under_key(const Value& value, std::size_t indent, std::string& out) {
  if (const auto line = in_one_line(value)) {
    out += " " + *line + "\n";
  } else {
    out += "\n" + std::string(indent + 2, ' ');
    write_block(value, indent + 2, out);
  }
}

/// A list or map in block style; `out` already ends with the indentation of its first line.
void write_block(const Value& value, std::size_t indent, std::string& out) {
  const std::string margin(indent, ' ');
  bool first = true;
  for (const Value& item : value.items) {
    out += (first ? "" : margin) + "- ";
    first = false;
    if (const auto line = in_one_line(item)) {
      out += *line + "\n";
    } else {
      write_block(item, indent + 2, out);
    }
  }
  for (const Value::Entry& entry : value.entries) {
    out += (first ? "" : margin) + key_text(entry.key) + ":";
    first = false;
    write_under_key(entry.value, indent, out);
  }
}

}  // namespace

std::string write_yaml(const Value& value) {
  if (const auto line = in_one_line(value)) return *line + "\n";
  std::string out;
  write_block(value, 0, out);
  return out;
}

}  // namespace conclave
