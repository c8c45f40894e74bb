// What must hold of any bytes that come from outside, shared by the fuzzers and by the unit test that keeps what they
// have found. Each function returns what is broken, or nothing.
#pragma once

#include <string>
#include <string_view>

namespace conclave::fuzz {

/// Bytes given to the decoder are refused, or they are one record that encodes to the same bytes again, prints, and can
/// be edited and signed.
std::string broken_by_message(std::string_view bytes);

/// A text given to the scenario loader is refused with at least one error, or it is a scenario whose resolved form
/// loads again and resolves to itself.
std::string broken_by_scenario(std::string_view text);

}  // namespace conclave::fuzz
