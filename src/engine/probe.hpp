// SimGrid answers a broken platform file by aborting the process. So a file is first tried in a child process, and what
// SimGrid says there becomes an error message here.
#pragma once

#include <functional>

namespace conclave {

/// Runs `attempt` in a child. Throws PlatformError with the reason if it throws, aborts or crashes there.
void probe_in_child(const std::function<void()>& attempt);

}  // namespace conclave
