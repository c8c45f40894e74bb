// What a scenario file is made of: text in UTF-8 without control characters.
#pragma once

#include <cstddef>
#include <string_view>

namespace conclave {

/// False for a byte that continues a character of UTF-8.
constexpr bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

/// Position of the first byte that is not part of UTF-8 text, or that is a control character other than tab and line
/// end; npos if there is none.
std::size_t find_bad_byte(std::string_view text);

}  // namespace conclave
