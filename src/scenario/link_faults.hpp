// Entries of `faults` that are about links.
#pragma once

#include <optional>

#include "scenario/draft.hpp"

namespace conclave {

/// Reads an entry that has the key `link`, appends it to the scenario, and returns it with its defaults; nullopt after
/// reporting what is wrong. Requires the roster.
std::optional<Value> read_link_fault(const Value& entry, Draft& draft);

}  // namespace conclave
