// Declared parameters: one table per component says, for each option, its name, type, unit, default, limits and
// meaning. From this one source follow strict validation, `conclave explain`, the JSON Schema, and the resolved
// scenario beside the results.
//
//   struct Options {
//     std::uint32_t window = 8;
//     Duration timeout = 500ms;
//     static const ParamTable& params() {
//       static const auto table = Params<Options>()
//           .add("window", &Options::window, "requests in flight at once", {.least = 1})
//           .add("timeout", &Options::timeout, "how long to wait for an answer");
//       return table;
//     }
//   };
//
// Defaults are those of a default-constructed Options: they are written once.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics.hpp"
#include "core/units.hpp"
#include "core/value.hpp"

namespace conclave {

class ParamTable {
 public:
  struct Param {
    std::string name;
    std::string meaning;
    std::string type;           ///< for people: "duration", "list of integers"
    std::string default_value;  ///< as one would write it; empty if required or absent by default
    std::string limits;         ///< for people: "1 or more"; may be empty
    std::string schema;         ///< JSON Schema of the value
    bool required = false;
    const ParamTable* section = nullptr;  ///< the table of a nested map, or of the items of a list of maps
    std::function<void(const Value&, void* options, Diagnostics&)> read;
    std::function<Value(const void* options)> write;  ///< a null value when absent
  };

  /// Reads a map into `options`, reporting unknown, missing and invalid keys. A null value stands for an empty map.
  void read(const Value& map, void* options, Diagnostics& diagnostics) const;
  /// Everything, defaults included, in declared order.
  Value write(const void* options) const;
  const std::vector<Param>& params() const { return params_; }
  std::vector<std::string> names() const;
  /// JSON Schema of the whole map.
  std::string schema() const;

 protected:
  std::vector<Param> params_;
};

/// How a type of parameter is read, written and described. Specialise for new types:
///   static std::string name();
///   static std::string schema();
///   static std::optional<T> read(const Value&, Diagnostics&);   reports what is wrong
///   static Value write(const T&);
template <class T>
struct ParamType;

/// Bounds of a parameter, both inclusive.
template <class T>
struct Limits {
  std::optional<T> least{};
  std::optional<T> most{};
};

/// Names of the values of an enumeration: specialise as `static constexpr std::pair<E, std::string_view> kNames[]`.
template <class E>
struct Choices;

template <class T>
concept Section = requires {
  { T::params() } -> std::convertible_to<const ParamTable&>;
};

template <class Options>
class Params : public ParamTable {
 public:
  /// `member` is of Options or of a base of it.
  template <class T, class Owner>
  Params& add(std::string name, T Owner::*member, std::string meaning, Limits<std::type_identity_t<T>> limits = {}) {
    return put<T>(std::move(name), member, std::move(meaning), std::move(limits), false);
  }
  template <class T, class Owner>
  Params& require(std::string name, T Owner::*member, std::string meaning,
                  Limits<std::type_identity_t<T>> limits = {}) {
    return put<T>(std::move(name), member, std::move(meaning), std::move(limits), true);
  }

 private:
  template <class T>
  Params& put(std::string name, T Options::*member, std::string meaning, Limits<T> limits, bool required);
};

namespace params_detail {

std::optional<std::uint64_t> read_unsigned(const Value& value, std::uint64_t most, Diagnostics& diagnostics);
std::string integer_schema(std::uint64_t least, std::optional<std::uint64_t> most);
std::string choice_schema(const std::vector<std::string>& names);
std::string describe_limits(const std::string& least, const std::string& most);
/// A one-line rendering of a value, as one would write it in YAML.
std::string inline_text(const Value& value);
void wrong_type(const Value& value, std::string_view expected, Diagnostics& diagnostics);

template <class T>
std::string limit_text(const std::optional<T>& limit) {
  return limit ? inline_text(ParamType<T>::write(*limit)) : std::string();
}

}  // namespace params_detail

template <>
struct ParamType<bool> {
  static std::string name() { return "true or false"; }
  static std::string schema() { return R"({"type":"boolean"})"; }
  static std::optional<bool> read(const Value& value, Diagnostics& diagnostics);
  static Value write(bool value) { return Value::scalar(value ? "true" : "false"); }
};

template <std::unsigned_integral T>
requires(!std::same_as<T, bool>) struct ParamType<T> {
  static std::string name() { return "integer"; }
  static std::string schema() { return R"({"type":"integer","minimum":0})"; }
  static std::optional<T> read(const Value& value, Diagnostics& diagnostics) {
    const auto read = params_detail::read_unsigned(value, std::numeric_limits<T>::max(), diagnostics);
    return read ? std::optional<T>(static_cast<T>(*read)) : std::nullopt;
  }
  static Value write(T value) { return Value::scalar(std::to_string(value)); }
};

template <>
struct ParamType<std::string> {
  static std::string name() { return "text"; }
  static std::string schema() { return R"({"type":"string"})"; }
  static std::optional<std::string> read(const Value& value, Diagnostics& diagnostics);
  static Value write(const std::string& value) { return Value::scalar(value, true); }
};

/// Types with units: parse() and text() of units.hpp.
template <class T>
requires requires(T& t) {
  { parse(std::string_view(), t) } -> std::same_as<std::optional<UnitError>>;
}
struct ParamType<T> {
  static std::string name() {
    if constexpr (std::same_as<T, Duration>) return "duration";
    if constexpr (std::same_as<T, ByteCount>) return "size";
    if constexpr (std::same_as<T, Bandwidth>) return "bandwidth";
    if constexpr (std::same_as<T, ComputeSpeed>) return "speed";
    if constexpr (std::same_as<T, Factor>) return "number";
    return "probability";
  }
  static std::string schema() {
    if constexpr (std::same_as<T, Duration>)
      return R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)? ?(ns|us|ms|s|min|h)$"})";
    if constexpr (std::same_as<T, ByteCount>)
      return R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)? ?(B|kB|KiB|MB|MiB|GB|GiB)$"})";
    if constexpr (std::same_as<T, Bandwidth>)
      return R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)? ?(bps|kbps|Mbps|Gbps|Tbps)$"})";
    if constexpr (std::same_as<T, ComputeSpeed>)
      return R"({"type":"string","pattern":"^[0-9]+(\\.[0-9]+)? ?(f|kf|Mf|Gf|Tf)$"})";
    if constexpr (std::same_as<T, Factor>) return R"({"type":"number","minimum":0})";
    return R"({"type":"string","pattern":"^([0-9]+(\\.[0-9]+)?%|[0-9]+/[0-9]+)$"})";
  }
  static std::optional<T> read(const Value& value, Diagnostics& diagnostics) {
    if (!value.is_scalar()) return params_detail::wrong_type(value, name(), diagnostics), std::nullopt;
    T result{};
    if (const auto failed = parse(std::string_view(value.text), result)) {
      diagnostics.error(value.at, failed->problem, "expected " + failed->expected);
      return std::nullopt;
    }
    return result;
  }
  static Value write(const T& value) { return Value::scalar(text(value)); }
};

template <class E>
requires requires {
  Choices<E>::kNames;
}
struct ParamType<E> {
  static std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& [value, name] : Choices<E>::kNames) all.emplace_back(name);
    return all;
  }
  static std::string name() {
    std::string all;
    for (const std::string& choice : names()) all += (all.empty() ? "" : " | ") + choice;
    return all;
  }
  static std::string schema() { return params_detail::choice_schema(names()); }
  static std::optional<E> read(const Value& value, Diagnostics& diagnostics) {
    if (!value.is_scalar()) return params_detail::wrong_type(value, name(), diagnostics), std::nullopt;
    for (const auto& [choice, name] : Choices<E>::kNames)
      if (name == value.text) return choice;
    diagnostics.error(value.at, "unknown choice " + value.describe(), suggestion(value.text, names()));
    return std::nullopt;
  }
  static Value write(E value) {
    for (const auto& [choice, name] : Choices<E>::kNames)
      if (choice == value) return Value::scalar(std::string(name));
    return {};
  }
};

template <class T>
struct ParamType<std::optional<T>> {
  static std::string name() { return ParamType<T>::name(); }
  static std::string schema() { return ParamType<T>::schema(); }
  static std::optional<std::optional<T>> read(const Value& value, Diagnostics& diagnostics) {
    auto inner = ParamType<T>::read(value, diagnostics);
    return inner ? std::optional<std::optional<T>>(std::move(inner)) : std::nullopt;
  }
  static Value write(const std::optional<T>& value) { return value ? ParamType<T>::write(*value) : Value(); }
};

template <class T>
struct ParamType<std::vector<T>> {
  static std::string name() { return "list of: " + ParamType<T>::name(); }
  static std::string schema() { return R"({"type":"array","items":)" + ParamType<T>::schema() + "}"; }
  static std::optional<std::vector<T>> read(const Value& value, Diagnostics& diagnostics) {
    if (!value.is_list()) return params_detail::wrong_type(value, name(), diagnostics), std::nullopt;
    std::vector<T> items;
    for (const Value& item : value.items)
      if (auto read = ParamType<T>::read(item, diagnostics)) items.push_back(std::move(*read));
    return items;
  }
  static Value write(const std::vector<T>& values) {
    Value list = Value::list();
    for (const T& value : values) list.items.push_back(ParamType<T>::write(value));
    return list;
  }
};

template <Section T>
struct ParamType<T> {
  static std::string name() { return "section"; }
  static std::string schema() { return T::params().schema(); }
  static std::optional<T> read(const Value& value, Diagnostics& diagnostics) {
    if (value.kind == Value::Kind::null) {
      params_detail::wrong_type(value, "a map of options", diagnostics);
      return std::nullopt;
    }
    T result{};
    T::params().read(value, &result, diagnostics);
    return result;
  }
  static Value write(const T& value) { return T::params().write(&value); }
};

template <class T>
struct SectionOf {
  static const ParamTable* table() { return nullptr; }
};
template <Section T>
struct SectionOf<T> {
  static const ParamTable* table() { return &T::params(); }
};
template <class T>
struct SectionOf<std::vector<T>> : SectionOf<T> {};
template <class T>
struct SectionOf<std::optional<T>> : SectionOf<T> {};

template <class Options>
template <class T>
Params<Options>& Params<Options>::put(std::string name, T Options::*member, std::string meaning, Limits<T> limits,
                                      bool required) {
  Param param;
  param.name = std::move(name);
  param.meaning = std::move(meaning);
  param.type = ParamType<T>::name();
  param.schema = ParamType<T>::schema();
  if constexpr (std::unsigned_integral<T> && !std::same_as<T, bool>)
    param.schema = params_detail::integer_schema(limits.least.value_or(0), limits.most);
  param.required = required;
  param.section = SectionOf<T>::table();
  param.limits =
      params_detail::describe_limits(params_detail::limit_text(limits.least), params_detail::limit_text(limits.most));
  if (!required) param.default_value = params_detail::inline_text(ParamType<T>::write(Options{}.*member));
  param.read = [member, limits, described = param.limits](const Value& value, void* options, Diagnostics& diagnostics) {
    std::optional<T> read = ParamType<T>::read(value, diagnostics);
    if (!read) return;
    const auto bounded = [&](const auto& checked) {
      if constexpr (requires { checked < *limits.least; }) {
        if ((limits.least && checked < *limits.least) || (limits.most && *limits.most < checked)) {
          diagnostics.error(value.at, value.describe() + " is out of range", "expected " + described);
        }
      }
    };
    bounded(*read);
    static_cast<Options*>(options)->*member = std::move(*read);
  };
  param.write = [member](const void* options) {
    return ParamType<T>::write(static_cast<const Options*>(options)->*member);
  };
  params_.push_back(std::move(param));
  return *this;
}

/// Options of a component that has none.
struct NoOptions {
  static const ParamTable& params() {
    static const Params<NoOptions> table;
    return table;
  }
};

}  // namespace conclave
