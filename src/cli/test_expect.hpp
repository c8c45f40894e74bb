// Whether a run is what its scenario's section `expect` says.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "scenario/expect.hpp"

namespace conclave {

/// What is not as expected, a line each; empty if all is. `results` is the object of `conclave run --json`.
std::vector<std::string> unmet(const Expect& expect, const nlohmann::json& results);

}  // namespace conclave
