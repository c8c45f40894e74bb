// What moves a simulation. Two executors give one result: `exact` has one global queue, `windowed` runs each agent
// alone for as long as nobody could have told it anything.
#pragma once

#include <functional>
#include <vector>

#include "engine/simulation.hpp"

namespace conclave {

/// Called now and then with the simulated time; true ends the run early.
using Poll = std::function<bool(Time)>;

class Executor {
 public:
  virtual ~Executor() = default;

  /// Handles everything up to and including `horizon`, or until SimGrid is wanted: then requests() is not empty and
  /// now() is the instant.
  virtual void run_until(Time horizon) = 0;
  /// What was asked for under this ticket has ended.
  virtual void finished(Ticket ticket, Time at, bool completed) = 0;
  virtual Time now() const = 0;
  virtual bool interrupted() const = 0;
  /// Time of the last event that did anything.
  virtual Time last_event() const = 0;
  /// To be carried out at now(), in order, and cleared.
  std::vector<WorldRequest>& requests() { return requests_; }

 protected:
  std::vector<WorldRequest> requests_;
};

}  // namespace conclave
