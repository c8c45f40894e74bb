// Components for the loader's tests: a layer and a behaviour with options, and a checker that looks at the whole.
#pragma once

#include <string>

namespace conclave {

/// A valid scenario that uses `test_layer`, `test_liar` and `test_checker` next to the real components.
extern const std::string kGoodScenario;

}  // namespace conclave
