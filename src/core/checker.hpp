// A checker judges a run by its events. It keeps its own model of the truth and never sees an agent's state.
#pragma once

#include <string>

#include "core/crypto.hpp"
#include "core/event.hpp"
#include "core/roster.hpp"
#include "core/time.hpp"

namespace conclave {

/// What a checker or an outcome may know before the run.
struct RunFacts {
  const Roster& roster;
  std::uint64_t seed;
  Time heal_at;  ///< from here on the network delivers; kStartOfRun when nothing is broken
  Time stop_at;  ///< the run ends here at the latest
  SignatureScheme signatures = SignatureScheme::ed25519;  ///< with the seed they give the public keys
};

/// How the run came to its end.
struct RunEnd {
  Time at;
  bool interrupted;  ///< by the user: promises about the whole run cannot be judged
};

struct Verdict {
  bool holds = true;
  std::string detail;  ///< the story: what was checked, or what went wrong, when and where
};

class Checker : public Observer {
 public:
  EventKinds interests() const override { return {EventKind::emitted}; }
  virtual Verdict conclude(const RunEnd& end) = 0;
};

}  // namespace conclave
