// `--set path=value`: changes one place of a document before it is read.
#pragma once

#include <string_view>

#include "core/diagnostics.hpp"
#include "core/value.hpp"

namespace conclave {

/// Applies `a.b[0].c=value`, where the value is YAML and an entry of `agents` may be called by its group's name
/// (`agents.replica.count=7`). Missing keys are made: whether they may be there is judged when the document is read.
/// Everything that is set gets `at` for its place.
void apply_override(Value& document, std::string_view assignment, Location at, Diagnostics& diagnostics);

}  // namespace conclave
