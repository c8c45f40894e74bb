// Where the sources lie: tests read scenarios, notebooks and platforms from there.
#pragma once

#include <string>

namespace conclave {

/// The top folder of the checkout, without a slash at its end.
std::string source_dir();

}  // namespace conclave
