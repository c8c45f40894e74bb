// Records: named tuples of plain fields. A message body is one, and so is an event that a protocol emits. A record
// lists its fields once, in `fields`, and from that list follow the canonical bytes (for the wire, for signing, for
// hashing), the decoder, the JSON of the trace and the text of the lab notebooks:
//
//   struct Prepare : RecordOf<Prepare> {
//     static constexpr std::string_view kName = "prepare";
//     std::uint64_t view = 0;
//     Digest digest;
//     Signature signature;
//     static void fields(auto& self, auto& field) {
//       field("view", self.view);
//       field("digest", self.digest);
//       field("signature", self.signature);
//     }
//   };
//
// Records are immutable once shared: a broadcast is one body that every receiver reads.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conclave {

class FieldEditor;
struct Record;
using RecordPtr = std::shared_ptr<const Record>;

/// Bytes of a record. `filler` counts bytes that travel but carry no content (a simulated payload).
struct Encoding {
  std::string bytes;
  std::uint64_t filler = 0;

  std::uint64_t wire_bytes() const { return bytes.size() + filler; }
};

/// What is known of a kind of record. One object per kind in the program, so kinds are compared by address.
struct RecordType {
  std::string_view name;
  std::uint32_t tag;  ///< the kind on the wire: a hash of the name
  void (*encode)(const Record&, Encoding&);
  void (*encode_unsigned)(const Record&, Encoding&);  ///< as `encode`, without the record's own signature
  RecordPtr (*decode)(std::string_view);
  RecordPtr (*edit)(const Record&, FieldEditor&);  ///< a copy whose fields the editor has changed (field_editor.hpp)
  void (*write_json)(const Record&, std::string&);
  void (*write_text)(const Record&, std::string&);
  bool decision;  ///< it is what a user would call the result: it counts in the fingerprint of decisions
};

/// Base of every record. Not polymorphic: the type pointer stands in for a virtual table, which leaves derived records
/// aggregates.
struct Record {
  const RecordType* type;

  /// Memo of a signature check, which is a pure function of the record. See Crypto::verify.
  enum class Checked : std::uint8_t { no, valid, invalid };
  mutable std::atomic<Checked> checked{Checked::no};

  explicit Record(const RecordType& kind) : type(&kind) {}
  Record(const Record& other) : type(other.type) {}  // a copy may be altered: it carries no memo
  Record& operator=(const Record& other) {
    type = other.type;
    checked.store(Checked::no, std::memory_order_relaxed);
    return *this;
  }
  ~Record() = default;

  /// The record as `Kind`, or nullptr when it is of another kind.
  template <class Kind>
  const Kind* as() const;

  /// Canonical bytes, the tag first. Equal bytes if and only if equal records.
  Encoding encode() const;
  /// One JSON object: {"name":"prepare","view":0,…}.
  std::string json() const;
  /// One line for people: `prepare view=0 …`.
  std::string text() const;
};

/// Rebuilds a record from its canonical bytes; nullptr when they are not exactly one well-formed record of a known
/// kind. Survives any input: this is what reads bytes that an adversary has flipped.
RecordPtr decode_record(std::string_view bytes);

/// The kind of that name, or nullptr. Only kinds whose records the program can construct are known.
const RecordType* find_record_type(std::string_view name);

/// The names of all kinds, in alphabetical order.
std::vector<std::string> record_type_names();

bool register_record_type(const RecordType& type);

/// 32-bit FNV-1a of a kind's name.
constexpr std::uint32_t record_tag(std::string_view name) {
  std::uint32_t hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
  return hash;
}

namespace codec {  // defined in codec.hpp, for every kind from its list of fields
template <class Kind>
void encode(const Record& record, Encoding& out);
template <class Kind>
void encode_unsigned(const Record& record, Encoding& out);
template <class Kind>
RecordPtr decode(std::string_view bytes);
template <class Kind>
RecordPtr edit(const Record& record, FieldEditor& editor);
template <class Kind>
void write_json(const Record& record, std::string& out);
template <class Kind>
void write_text(const Record& record, std::string& out);
}  // namespace codec

/// Whether the kind says `static constexpr bool kDecision = true;`. A decision's fields hold what was decided: neither
/// when, nor on what way (a view, a round, a retry), for these differ between runs that come to the same result.
template <class Kind>
constexpr bool is_decision() {
  if constexpr (requires { Kind::kDecision; }) return Kind::kDecision;
  return false;
}

/// The one RecordType of a kind.
template <class Kind>
inline constexpr RecordType kRecordType{
    Kind::kName,          record_tag(Kind::kName), &codec::encode<Kind>,     &codec::encode_unsigned<Kind>,
    &codec::decode<Kind>, &codec::edit<Kind>,      &codec::write_json<Kind>, &codec::write_text<Kind>,
    is_decision<Kind>()};

/// Derive records from RecordOf<Self>.
template <class Self>
struct RecordOf : Record {
  RecordOf() : Record(kRecordType<Self>) { static_cast<void>(registered); }

 private:
  inline static const bool registered = register_record_type(kRecordType<Self>);
};

template <class Kind>
const Kind* Record::as() const {
  return type == &kRecordType<Kind> ? static_cast<const Kind*>(this) : nullptr;
}

template <class Kind>
std::shared_ptr<const Kind> share(Kind record) {
  return std::make_shared<const Kind>(std::move(record));
}

template <class... Cases>
struct Overload : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

/// Calls the handler of the record's kind, among `Kinds` in that order; false when it is none of them.
template <class... Kinds, class Handler>
bool dispatch(const Record& record, Handler&& handler) {
  return ((record.type == &kRecordType<Kinds> ? (handler(static_cast<const Kinds&>(record)), true) : false) || ...);
}

}  // namespace conclave

#include "core/codec.hpp"
