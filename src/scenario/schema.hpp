// The JSON Schema (draft-07) of a scenario, for editors: from the same tables that the loader reads by.
#pragma once

#include <string>

namespace conclave {

std::string scenario_schema();

}  // namespace conclave
