#include "core/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace conclave {

namespace {

/// Filled before main by RecordOf's initialisers, read-only afterwards.
std::map<std::uint32_t, const RecordType*>& registry() {
  static std::map<std::uint32_t, const RecordType*> types;
  return types;
}

thread_local int decode_depth = 0;

}  // namespace

bool register_record_type(const RecordType& type) {
  const auto [entry, inserted] = registry().try_emplace(type.tag, &type);
  if (!inserted && entry->second != &type) {
    fmt::print(stderr, "internal error: two kinds of record share the wire tag of \"{}\" and \"{}\"\n", type.name,
               entry->second->name);
    std::abort();
  }
  return true;
}

std::vector<std::string> record_type_names() {
  std::vector<std::string> names;
  for (const auto& [tag, type] : registry()) names.emplace_back(type->name);
  std::sort(names.begin(), names.end());
  return names;
}

const RecordType* find_record_type(std::string_view name) {
  const auto entry = registry().find(record_tag(name));
  return entry == registry().end() || entry->second->name != name ? nullptr : entry->second;
}

Encoding Record::encode() const {
  Encoding out;
  out.bytes.append(reinterpret_cast<const char*>(&type->tag), sizeof type->tag);
  type->encode(*this, out);
  return out;
}

RecordPtr decode_record(std::string_view bytes) {
  std::uint32_t tag = 0;
  if (bytes.size() < sizeof tag || decode_depth >= kRecordDepthMax) return nullptr;
  std::memcpy(&tag, bytes.data(), sizeof tag);
  const auto entry = registry().find(tag);
  if (entry == registry().end()) return nullptr;
  struct Deeper {
    Deeper() { decode_depth++; }
    ~Deeper() { decode_depth--; }
  } deeper;
  return entry->second->decode(bytes.substr(sizeof tag));
}

std::string Record::json() const {
  std::string out = fmt::format("{{\"name\":\"{}\"", type->name);
  type->write_json(*this, out);
  return out += '}';
}

std::string Record::text() const {
  std::string out(type->name);
  type->write_text(*this, out);
  return out;
}

namespace codec {

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
      // Bytes beyond ASCII may be anything (an adversary sends them): escaped one by one, the line stays valid JSON.
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void Printer::put_signed(std::int64_t value) {
  fmt::format_to(std::back_inserter(out_), FMT_STRING("{}"), value);
}
void Printer::put_unsigned(std::uint64_t value) {
  fmt::format_to(std::back_inserter(out_), FMT_STRING("{}"), value);
}

void Printer::put(const Bytes& value) {
  std::string shown = fmt::format("{}:", value.content.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(value.content.data());
  append_hex(shown, bytes, std::min(kShownBytes, value.content.size()));
  plain_ ? void(out_ += shown) : append_json_string(out_, shown);
}

void Printer::put(const Digest& value) {
  plain_ ? void(out_ += value.text()) : append_json_string(out_, value.text());
}

void Printer::put(const Signature& value) {
  out_ += "{\"signer\":";
  put_unsigned(index(value.signer));
  out_ += ",\"bytes\":\"";
  append_hex(out_, value.bytes.data(), kShownBytes);
  out_ += "\"}";
}

}  // namespace codec

}  // namespace conclave
