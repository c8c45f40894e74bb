// A message on its way out of a step.
#pragma once

#include <cstdint>

#include "core/outbox.hpp"
#include "core/record.hpp"
#include "core/time.hpp"

namespace conclave {

/// A message that a step has sent.
struct Departure {
  Time done;  ///< when the step was
  std::uint64_t number;
  std::uint64_t bytes;
  const Recipients& to;
  const RecordPtr& body;
};

}  // namespace conclave
