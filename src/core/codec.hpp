// How each type of field is written and read. Included by record.hpp; protocols never name anything of this file.
//
// Encoding: fixed-width little-endian integers, lengths as 32 bits. Fixed widths keep message sizes independent of
// values.
#pragma once

#include <array>
#include <concepts>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "core/digest.hpp"
#include "core/ids.hpp"
#include "core/record.hpp"
#include "core/signature.hpp"
#include "core/time.hpp"

namespace conclave {

/// A field that stands for `bytes` bytes of payload whose content does not matter.
struct Filler {
  std::uint32_t bytes = 0;
  bool operator==(const Filler&) const = default;
};

/// Bytes of any content. People see how many there are and the first kShownBytes.
struct Bytes {
  std::string content;
  bool operator==(const Bytes&) const = default;
};

/// Elements that a decoded sequence may have at most: a forged length must not allocate gigabytes.
inline constexpr std::uint32_t kSequenceLengthMax = 1u << 20;
/// Records inside records inside records: deeper bytes are refused.
inline constexpr int kRecordDepthMax = 8;

namespace codec {

template <class T>
concept Struct = std::is_class_v<T> && !std::derived_from<T, Record> && requires(T & t, int& visitor) {
  T::fields(t, visitor);
};

template <class T>
concept Scalar = std::is_integral_v<T> || std::is_enum_v<T>;

class Encoder {
 public:
  Encoder(Encoding& out, bool skip_signature) : out_(out), skip_signature_(skip_signature) {}

  template <class T>
  void operator()(std::string_view, const T& value) {
    put(value);
  }
  void operator()(std::string_view, const Signature& value) {
    if (!skip_signature_) put(value);
  }

  template <Scalar T>
  void put(T value) {
    out_.bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put(Duration value) { put(value.count()); }
  void put(Time value) { put(nanoseconds(value)); }
  void put(const std::string& value) { put(static_cast<std::uint32_t>(value.size())), out_.bytes += value; }
  void put(const Bytes& value) { put(value.content); }
  void put(const Digest& value) {
    out_.bytes.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
  }
  void put(const Signature& value) {
    put(value.signer);
    out_.bytes.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
  }
  void put(const Filler& value) { put(value.bytes), out_.filler += value.bytes; }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    for (const T& value : values) put(value);
  }
  /// A record inside a record, signature and all; absent when null.
  template <class Kind>
  void put(const std::shared_ptr<const Kind>& value) {
    if (!value) return put(std::uint32_t{0});
    Encoding inner;
    inner.bytes.append(reinterpret_cast<const char*>(&value->type->tag), sizeof value->type->tag);
    value->type->encode(*value, inner);
    put(inner.bytes);
    out_.filler += inner.filler;
  }
  template <Struct T>
  void put(const T& value) {
    Encoder nested(out_, false);
    T::fields(value, nested);
  }

 private:
  Encoding& out_;
  const bool skip_signature_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  void operator()(std::string_view, T& value) {
    get(value);
  }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

  template <Scalar T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      get(byte);
      ok_ = ok_ && byte <= 1;
      value = byte == 1;
    } else {
      take(&value, sizeof value);
    }
  }
  void get(Duration& value) {
    std::int64_t count = 0;
    get(count);
    value = Duration(count);
  }
  void get(Time& value) {
    Duration since{};
    get(since);
    value = Time(since);
  }
  void get(std::string& value) {
    std::uint32_t length = 0;
    get(length);
    if (!ok_ || length > rest_.size()) return fail();
    value.assign(rest_.substr(0, length));
    rest_.remove_prefix(length);
  }
  void get(Bytes& value) { get(value.content); }
  void get(Digest& value) { take(value.bytes.data(), value.bytes.size()); }
  void get(Signature& value) { get(value.signer), take(value.bytes.data(), value.bytes.size()); }
  void get(Filler& value) { get(value.bytes); }
  template <class T>
  void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    value.reset();
    if (ok_ && present) get(value.emplace());
  }
  template <class T>
  void get(std::vector<T>& values) {
    std::uint32_t length = 0;
    get(length);
    values.clear();
    if (!ok_ || length > kSequenceLengthMax) return fail();
    for (std::uint32_t i = 0; i < length && ok_; i++) get(values.emplace_back());
  }
  template <class Kind>
  void get(std::shared_ptr<const Kind>& value) {
    std::string bytes;
    get(bytes);
    value.reset();
    if (!ok_ || bytes.empty()) return;
    const RecordPtr record = decode_record(bytes);
    if (!record) return fail();
    if constexpr (std::is_same_v<Kind, Record>) {
      value = record;
    } else {
      if (!record->as<Kind>()) return fail();
      value = std::static_pointer_cast<const Kind>(record);
    }
  }
  template <Struct T>
  void get(T& value) {
    T::fields(value, *this);
  }

 private:
  void fail() { ok_ = false; }
  void take(void* target, std::size_t size) {
    if (!ok_ || size > rest_.size()) return fail();
    std::memcpy(target, rest_.data(), size);
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
  bool ok_ = true;
};

void append_json_string(std::string& out, std::string_view text);

/// Writes fields as `"name":value`, or as ` name=value` when `plain`.
class Printer {
 public:
  Printer(std::string& out, bool plain, bool first) : out_(out), plain_(plain), first_(first) {}

  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (plain_ && std::is_same_v<T, Signature>) return;  // noise to a reader; who sent it is known
    if (plain_) {
      if (!first_) out_ += ' ';
      out_.append(name) += '=';
    } else {
      if (!first_) out_ += ',';
      (out_ += '"').append(name) += "\":";
    }
    first_ = false;
    put(value);
  }

  template <Scalar T>
  void put(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      out_ += value ? "true" : "false";
    } else if constexpr (std::is_enum_v<T>) {
      put(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_signed_v<T>) {
      put_signed(value);
    } else {
      put_unsigned(value);
    }
  }
  void put(AgentId value) { plain_ && value == kNobody ? void(out_ += "nobody") : put_unsigned(index(value)); }
  void put(Duration value) { put_signed(value.count()); }
  void put(Time value) { put_signed(nanoseconds(value)); }
  void put(const std::string& value) { plain_ ? void(out_ += value) : append_json_string(out_, value); }
  void put(const Bytes& value);
  void put(const Digest& value);
  void put(const Signature& value);
  void put(const Filler& value) { put(value.bytes); }
  template <class T>
  void put(const std::optional<T>& value) {
    value ? put(*value) : void(out_ += "null");
  }
  template <class T>
  void put(const std::vector<T>& values) {
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); i++) {
      if (i > 0) out_ += plain_ ? " " : ",";
      put(values[i]);
    }
    out_ += ']';
  }
  template <class Kind>
  void put(const std::shared_ptr<const Kind>& value) {
    if (!value) return void(out_ += "null");
    plain_ ? void((out_ += '(') += value->text() + ')') : void(out_ += value->json());
  }
  template <Struct T>
  void put(const T& value) {
    out_ += plain_ ? '(' : '{';
    Printer nested(out_, plain_, true);
    T::fields(value, nested);
    out_ += plain_ ? ')' : '}';
  }

 private:
  void put_signed(std::int64_t value);
  void put_unsigned(std::uint64_t value);

  std::string& out_;
  const bool plain_;
  bool first_;
};

template <class Kind>
void encode(const Record& record, Encoding& out) {
  Encoder encoder(out, false);
  Kind::fields(static_cast<const Kind&>(record), encoder);
}

template <class Kind>
void encode_unsigned(const Record& record, Encoding& out) {
  Encoder encoder(out, true);
  Kind::fields(static_cast<const Kind&>(record), encoder);
}

template <class Kind>
RecordPtr decode(std::string_view bytes) {
  auto record = std::make_shared<Kind>();
  Decoder decoder(bytes);
  Kind::fields(*record, decoder);
  if (!decoder.done()) return nullptr;
  return record;
}

template <class Kind>
void write_json(const Record& record, std::string& out) {
  Printer printer(out, false, false);
  Kind::fields(static_cast<const Kind&>(record), printer);
}

template <class Kind>
void write_text(const Record& record, std::string& out) {
  Printer printer(out, true, false);
  Kind::fields(static_cast<const Kind&>(record), printer);
}

}  // namespace codec

}  // namespace conclave

#include "core/field_editor.hpp"
