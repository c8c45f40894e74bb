// What a family of protocols reports of a run, gathered from its events: the part of the results that its users came
// for.
#pragma once

#include <string>

#include "core/checker.hpp"

namespace conclave {

class Outcome : public Observer {
 public:
  EventKinds interests() const override { return {EventKind::emitted}; }
  /// One JSON value; empty when the run had nothing of this family.
  virtual std::string json(const RunEnd& end) const = 0;
  /// A few lines for the console; empty likewise.
  virtual std::string summary(const RunEnd& end) const = 0;
};

}  // namespace conclave
