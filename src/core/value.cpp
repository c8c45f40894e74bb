#include "core/value.hpp"

#include <fmt/core.h>

namespace conclave {

Value Value::scalar(std::string text, bool quoted, Location at) {
  Value value;
  value.kind = Kind::scalar;
  value.at = at;
  value.text = std::move(text);
  value.quoted = quoted;
  return value;
}

Value Value::list() {
  return list(std::vector<Value>());
}

Value Value::list(std::vector<Value> items, Location at) {
  Value value;
  value.kind = Kind::list;
  value.at = at;
  value.items = std::move(items);
  return value;
}

Value Value::map(Location at) {
  Value value;
  value.kind = Kind::map;
  value.at = at;
  return value;
}

const Value* Value::find(std::string_view key) const {
  for (const Entry& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

void Value::set(std::string key, Value value) {
  if (Value* present = find(key)) {
    *present = std::move(value);
  } else {
    const Location place = value.at;
    entries.push_back({std::move(key), place, std::move(value)});
  }
}

std::string Value::describe() const {
  constexpr std::size_t kShown = 60;
  const auto shortened = [this] {
    std::size_t end = kShown;
    while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) end--;  // not within a character
    return text.substr(0, end) + "…";
  };
  switch (kind) {
    case Kind::null: return "nothing";
    case Kind::list: return "a list";
    case Kind::map: return "a map";
    case Kind::scalar: break;
  }
  return fmt::format("`{}`", text.size() <= kShown ? text : shortened());
}

}  // namespace conclave
