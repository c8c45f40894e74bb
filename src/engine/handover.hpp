// What executors and mechanics hand to each other: messages on the way in, errands to SimGrid and what comes back.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/simulation.hpp"

namespace conclave {

/// Something that SimGrid does, and for whom.
struct Errand {
  enum class Kind : std::uint8_t { compute, transfer, message, switch_on_off };
  Kind kind{};
  AgentId agent{};  ///< who asked
  AgentId to{};     ///< who receives
  WorkKey work;
  std::uint64_t number = 0;
  Time departed;
  RecordPtr body;
  WorldRequest request;
  Fate fate{};  ///< of a message or transfer
};

/// What comes from SimGrid: a message that it has carried, or the end of work.
struct Incoming {
  WaitingInput input;
  std::uint32_t outage = 0;          ///< of the receiver when it began: if another has come since, it is lost
  std::optional<DropReason> lost{};  ///< a message that SimGrid could not carry
};

/// A message whose last bit reaches its receiver now.
struct Arriving {
  AgentId from;
  std::uint64_t number;
  std::uint64_t bytes;
  Time departed;
  const RecordPtr& body;
  bool local;  ///< from an agent of the same host: it needs no link
  std::optional<DropReason> lost;
  std::uint32_t copy = 0;  ///< 0 the message itself, more what a link rule added
};

/// A message at its receiver: what its last events tell.
struct Carried {
  AgentId from;
  std::uint64_t number;
  std::uint32_t copy;
  Time departed;
  const RecordPtr& body;
};

}  // namespace conclave
