// What a scenario can say of Tendermint.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "core/data_context.hpp"
#include "core/time.hpp"
#include "protocols/consensus/resilience.hpp"

namespace conclave {

struct TendermintOptions {
  std::optional<std::uint32_t> f;
  Duration timeout = std::chrono::seconds(1);
  Duration timeout_step = std::chrono::milliseconds(500);
  Duration timeout_max = std::chrono::seconds(60);
  Duration gossip = std::chrono::milliseconds(500);
  std::uint32_t batch = 400;
  std::uint32_t history = 1000;
  DataContextChoice context;
  ByteCount reply;
  static const ParamTable& params() {
    static const auto table =
        Params<TendermintOptions>()
            .add("f", &TendermintOptions::f, std::string(kResilienceMeaning))
            .add("timeout", &TendermintOptions::timeout, "time that each phase of round 0 may take",
                 {.least = std::chrono::nanoseconds(1)})
            .add("timeout_step", &TendermintOptions::timeout_step, "time by which that grows with each round")
            .add("timeout_max", &TendermintOptions::timeout_max, "the longest that a phase may get",
                 {.least = std::chrono::nanoseconds(1)})
            .add("gossip", &TendermintOptions::gossip,
                 "time without a decision after which peers are asked for what they have",
                 {.least = std::chrono::nanoseconds(1)})
            .add("batch", &TendermintOptions::batch, "requests in a value at most", {.least = 1})
            .add("history", &TendermintOptions::history, "decisions kept for replicas that have fallen behind")
            .add("context", &TendermintOptions::context,
                 "which requests replicas are willing to order: a component of kind context")
            .add("reply", &TendermintOptions::reply, "what a reply to a client holds besides its result",
                 {.most = ByteCount{std::numeric_limits<std::uint32_t>::max()}});
    return table;
  }
};

}  // namespace conclave
