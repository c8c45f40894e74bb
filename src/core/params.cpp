#include "core/params.hpp"

#include <fmt/core.h>

#include <charconv>

namespace conclave {

void ParamTable::read(const Value& map, void* options, Diagnostics& diagnostics) const {
  if (!map.is_map() && map.kind != Value::Kind::null)
    return params_detail::wrong_type(map, "a map of options", diagnostics);
  for (const Value::Entry& entry : map.entries) {
    bool known = false;
    for (const Param& param : params_) {
      if (param.name != entry.key) continue;
      known = true;
      param.read(entry.value, options, diagnostics);
    }
    if (!known) diagnostics.error(entry.at, fmt::format("unknown key `{}`", entry.key), suggestion(entry.key, names()));
  }
  for (const Param& param : params_) {
    if (param.required && !map.find(param.name)) {
      diagnostics.error(map.at, fmt::format("missing key `{}` ({}): {}", param.name, param.type, param.meaning));
    }
  }
}

Value ParamTable::write(const void* options) const {
  Value map = Value::map();
  for (const Param& param : params_) {
    Value value = param.write(options);
    if (value.kind != Value::Kind::null) map.set(param.name, std::move(value));
  }
  return map;
}

std::vector<std::string> ParamTable::names() const {
  std::vector<std::string> all;
  for (const Param& param : params_) all.push_back(param.name);
  return all;
}

std::string ParamTable::schema() const {
  std::string properties, required;
  for (const Param& param : params_) {
    if (!properties.empty()) properties += ',';
    std::string described = param.schema;
    // Every schema is an object, so its description goes in before the closing brace.
    described.pop_back();
    std::string meaning = param.meaning;
    if (!param.default_value.empty()) meaning += fmt::format(" (default {})", param.default_value);
    properties += fmt::format("\"{}\":{},\"description\":\"", param.name, described);
    for (const char c : meaning) {
      if (c == '"' || c == '\\') properties += '\\';
      properties += c;
    }
    properties += "\"}";
    if (param.required) required += fmt::format("{}\"{}\"", required.empty() ? "" : ",", param.name);
  }
  std::string out = R"({"type":"object","additionalProperties":false,"properties":{)" + properties + "}";
  if (!required.empty()) out += ",\"required\":[" + required + "]";
  return out + "}";
}

std::optional<bool> ParamType<bool>::read(const Value& value, Diagnostics& diagnostics) {
  if (value.is_scalar() && !value.quoted && (value.text == "true" || value.text == "false"))
    return value.text == "true";
  params_detail::wrong_type(value, "`true` or `false`", diagnostics);
  return std::nullopt;
}

std::optional<std::string> ParamType<std::string>::read(const Value& value, Diagnostics& diagnostics) {
  if (value.is_scalar()) return value.text;
  params_detail::wrong_type(value, "a text", diagnostics);
  return std::nullopt;
}

namespace params_detail {

void wrong_type(const Value& value, std::string_view expected, Diagnostics& diagnostics) {
  diagnostics.error(value.at, fmt::format("found {}, expected {}", value.describe(), expected));
}

std::optional<std::uint64_t> read_unsigned(const Value& value, std::uint64_t most, Diagnostics& diagnostics) {
  if (!value.is_scalar() || value.quoted) return wrong_type(value, "an integer", diagnostics), std::nullopt;
  const std::string& text = value.text;
  if (text.size() > 1 && text[0] == '0') {
    // YAML 1.1 would read 010 as 8 and YAML 1.2 as 10: nobody should have to know.
    return wrong_type(value, "an integer without leading zeros", diagnostics), std::nullopt;
  }
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc::result_out_of_range ||
      (failed == std::errc() && end == text.data() + text.size() && number > most)) {
    diagnostics.error(value.at, fmt::format("{} is too large", value.describe()),
                      fmt::format("expected at most {}", most));
    return std::nullopt;
  }
  if (failed != std::errc() || end != text.data() + text.size())
    return wrong_type(value, "an integer", diagnostics), std::nullopt;
  return number;
}

std::string integer_schema(std::uint64_t least, std::optional<std::uint64_t> most) {
  const std::string maximum = most ? fmt::format(",\"maximum\":{}", *most) : std::string();
  return fmt::format(R"({{"type":"integer","minimum":{}{}}})", least, maximum);
}

std::string choice_schema(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += fmt::format("{}\"{}\"", out.empty() ? "" : ",", name);
  return "{\"enum\":[" + out + "]}";
}

std::string describe_limits(const std::string& least, const std::string& most) {
  if (least.empty() && most.empty()) return {};
  if (most.empty()) return least + " or more";
  if (least.empty()) return "at most " + most;
  return fmt::format("{} to {}", least, most);
}

std::string inline_text(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null: return {};
    case Value::Kind::scalar: return value.text;
    case Value::Kind::list: {
      std::string out;
      for (const Value& item : value.items) out += (out.empty() ? "" : ", ") + inline_text(item);
      return "[" + out + "]";
    }
    case Value::Kind::map: break;
  }
  std::string out;
  for (const Value::Entry& entry : value.entries)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", entry.key, inline_text(entry.value));
  return "{" + out + "}";
}

}  // namespace params_detail

}  // namespace conclave
