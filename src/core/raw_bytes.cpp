#include "core/raw_bytes.hpp"

namespace conclave {

RawBytes raw_bytes(const Record& message) {
  if (const auto* raw = message.as<RawBytes>()) return *raw;
  Encoding encoded = message.encode();
  RawBytes raw;
  raw.bytes.content = std::move(encoded.bytes);
  raw.filler.bytes = static_cast<std::uint32_t>(encoded.filler);
  return raw;
}

RecordPtr read_message(const RecordPtr& message) {
  const auto* raw = message->as<RawBytes>();
  if (!raw) return message;
  RecordPtr read = decode_record(raw->bytes.content);
  // Raw bytes within raw bytes mean nothing to any protocol.
  return read && !read->as<RawBytes>() ? read : nullptr;
}

}  // namespace conclave
