// A document as it was written: scalars keep their text, and everything knows where it stood. What the scenario loader
// makes of YAML, what parameters are read from, and what a resolved scenario is written from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conclave {

/// A place in the scenario file; line and column count from 1, columns in characters. Line 0 means "not from the file":
/// then column k > 0 stands for the k-th `--set` of the command line, and column 0 for a default.
struct Location {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Location&) const = default;
};

struct Value {
  enum class Kind { null, scalar, list, map };
  struct Entry;

  Kind kind = Kind::null;
  Location at;
  std::string text;            ///< of a scalar, as written
  bool quoted = false;         ///< a quoted scalar is a string, whatever it looks like
  std::vector<Value> items;    ///< of a list
  std::vector<Entry> entries;  ///< of a map, in order, keys unique

  // Defined where Entry is complete, which a vector of it needs.
  Value();
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  static Value scalar(std::string text, bool quoted = false, Location at = {});
  static Value list();
  static Value list(std::vector<Value> items, Location at = {});
  static Value map(Location at = {});

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  /// The value under a key, or nullptr. Requires a map.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  /// Sets a key, which keeps its place if it was there.
  void set(std::string key, Value value);
  /// How people call this kind of value: "a list", "the text `abc`".
  std::string describe() const;
};

struct Value::Entry {
  std::string key;
  Location at;
  Value value;
};

inline Value::Value() = default;
inline Value::Value(const Value&) = default;
inline Value::Value(Value&&) noexcept = default;
inline Value& Value::operator=(const Value&) = default;
inline Value& Value::operator=(Value&&) noexcept = default;
inline Value::~Value() = default;

}  // namespace conclave
