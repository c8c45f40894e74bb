// Changing a record without knowing its kind: an editor is shown every field of a copy, by the type of the field, and
// changes what it likes. This is how behaviours lie about any protocol's messages.
//
//   struct Renumber final : FieldEditor {
//     void number(std::string_view name, std::uint64_t& value) override { if (name == "view") value++; }
//   } renumber;
//   RecordPtr changed = record.type->edit(record, renumber);
//
// Elements of sequences are shown one by one under the sequence's name, and so are the fields of structures under their
// own. Enumerations, payload and the length of a sequence stay what they are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/codec.hpp"

namespace conclave {

class FieldEditor {
 public:
  virtual ~FieldEditor() = default;
  virtual void agent(std::string_view name, AgentId& value) { static_cast<void>(name), static_cast<void>(value); }
  /// Any integer; one that does not fit its field is cut to it.
  virtual void number(std::string_view name, std::uint64_t& value) {
    static_cast<void>(name), static_cast<void>(value);
  }
  virtual void flag(std::string_view name, bool& value) { static_cast<void>(name), static_cast<void>(value); }
  /// A duration, or a time since the start of the run.
  virtual void duration(std::string_view name, Duration& value) { static_cast<void>(name), static_cast<void>(value); }
  virtual void digest(std::string_view name, Digest& value) { static_cast<void>(name), static_cast<void>(value); }
  virtual void text(std::string_view name, std::string& value) { static_cast<void>(name), static_cast<void>(value); }
  /// A signature that covers the other fields of its record.
  virtual void own_signature(std::string_view name, Signature& value) {
    static_cast<void>(name), static_cast<void>(value);
  }
  /// A signature that is quoted among other content, as in a certificate.
  virtual void quoted_signature(std::string_view name, Signature& value) {
    static_cast<void>(name), static_cast<void>(value);
  }
  /// Whether the fields of this record, which is a field of the one at hand, are to be shown as well.
  virtual bool enters(const Record& inside) { return static_cast<void>(inside), false; }
};

namespace codec {

class Editing {
 public:
  Editing(FieldEditor& editor, bool outermost) : editor_(editor), outermost_(outermost) {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    show(name, value);
  }
  void operator()(std::string_view name, Signature& value) {
    outermost_ ? editor_.own_signature(name, value) : editor_.quoted_signature(name, value);
  }

 private:
  void show(std::string_view name, AgentId& value) { editor_.agent(name, value); }
  template <Scalar T>
  void show(std::string_view name, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      editor_.flag(name, value);
    } else if constexpr (std::is_integral_v<T>) {
      auto number = static_cast<std::uint64_t>(value);
      editor_.number(name, number);
      value = static_cast<T>(number);
    }
  }
  void show(std::string_view name, Duration& value) { editor_.duration(name, value); }
  void show(std::string_view name, Time& value) {
    Duration since = value.time_since_epoch();
    editor_.duration(name, since);
    value = Time(since);
  }
  void show(std::string_view name, std::string& value) { editor_.text(name, value); }
  void show(std::string_view name, Bytes& value) { editor_.text(name, value.content); }
  void show(std::string_view name, Digest& value) { editor_.digest(name, value); }
  void show(std::string_view name, Signature& value) { editor_.quoted_signature(name, value); }
  void show(std::string_view, Filler&) {}
  template <class T>
  void show(std::string_view name, std::optional<T>& value) {
    if (value) show(name, *value);
  }
  template <class T>
  void show(std::string_view name, std::vector<T>& values) {
    for (T& value : values) show(name, value);
  }
  template <class Kind>
  void show(std::string_view, std::shared_ptr<const Kind>& value) {
    if (value && editor_.enters(*value))
      value = std::static_pointer_cast<const Kind>(value->type->edit(*value, editor_));
  }
  template <Struct T>
  void show(std::string_view, T& value) {
    Editing nested(editor_, false);
    T::fields(value, nested);
  }

  FieldEditor& editor_;
  const bool outermost_;
};

template <class Kind>
RecordPtr edit(const Record& record, FieldEditor& editor) {
  auto copy = std::make_shared<Kind>(static_cast<const Kind&>(record));
  Editing editing(editor, true);
  Kind::fields(*copy, editing);
  return copy;
}

}  // namespace codec

}  // namespace conclave
