// Bytes on the wire that need not be a record any more. Who sends them is free to send anything; who receives them
// reads them with the decoder, and gets whatever record they now are, or nothing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/record.hpp"

namespace conclave {

struct RawBytes : RecordOf<RawBytes> {
  static constexpr std::string_view kName = "raw_bytes";
  Bytes bytes;    ///< of the message, the tag of its kind first
  Filler filler;  ///< and the payload that follows them
  static void fields(auto& self, auto& field) {
    field("bytes", self.bytes);
    field("filler", self.filler);
  }
};

/// A message as the bytes that it takes on the wire.
RawBytes raw_bytes(const Record& message);

/// What a receiver makes of a message: itself, the record that raw bytes decode to, or nullptr when they are none.
RecordPtr read_message(const RecordPtr& message);

/// Size on the wire, without the network's header, of a message whose fields are encoded in `fields`.
inline std::uint64_t wire_bytes(const Record& message, const Encoding& fields) {
  if (const auto* raw = message.as<RawBytes>()) [[unlikely]]
    return raw->bytes.content.size() + raw->filler.bytes;  // they are the message, and no envelope around it
  return sizeof message.type->tag + fields.wire_bytes();
}

/// Requires bit < 8 * bytes.size().
inline void flip_bit(std::string& bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
}

}  // namespace conclave
