// A run that leaves nothing behind but its report: for the many runs of a sweep or a swarm.
#pragma once

#include "cli/judges.hpp"
#include "cli/report.hpp"

namespace conclave {

/// Requires that this process has run nothing yet. Throws PlatformError.
inline Report run_quietly(const Scenario& scenario) {
  Run run(scenario);
  const RunFacts facts{scenario.roster, scenario.seed, Time(scenario.heal_at), Time(scenario.stop_at),
                       scenario.crypto.signatures};
  const Judges judges(scenario, facts);
  RunOptions options;
  judges.subscribe_to(options);
  Report report{.scenario = scenario, .plan = run.plan(), .result = run.start(options)};
  judges.conclude(scenario, report);
  return report;
}

}  // namespace conclave
