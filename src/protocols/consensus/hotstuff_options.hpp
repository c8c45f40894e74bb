// What a scenario can say of chained HotStuff.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/data_context.hpp"
#include "core/quorum_proof.hpp"
#include "core/time.hpp"
#include "protocols/consensus/resilience.hpp"

namespace conclave {

/// How a block travels from its leader.
enum class ProposalForm { full, digests };
template <>
struct Choices<ProposalForm> {
  static constexpr std::pair<ProposalForm, std::string_view> kNames[] = {{ProposalForm::full, "full"},
                                                                         {ProposalForm::digests, "digests"}};
};

struct HotStuffOptions {
  std::optional<std::uint32_t> f;
  Duration timeout = std::chrono::seconds(1);
  Duration timeout_max = std::chrono::seconds(60);
  std::uint32_t reign = 4;
  std::uint32_t batch = 400;
  ProofForm certificates = ProofForm::combined;
  std::uint32_t history = 1000;
  DataContextChoice context;
  ProposalForm proposals = ProposalForm::full;
  ByteCount reply;
  static const ParamTable& params() {
    static const auto table =
        Params<HotStuffOptions>()
            .add("f", &HotStuffOptions::f, std::string(kResilienceMeaning))
            .add("timeout", &HotStuffOptions::timeout,
                 "time in which a view must bring its certificate; doubles with each view given up",
                 {.least = std::chrono::nanoseconds(1)})
            .add("timeout_max", &HotStuffOptions::timeout_max, "the longest that a view may get",
                 {.least = std::chrono::nanoseconds(1)})
            .add("reign", &HotStuffOptions::reign,
                 "views in a row that a leader leads; progress with a silent one needs 4", {.least = 1})
            .add("batch", &HotStuffOptions::batch, "requests in a block at most", {.least = 1})
            .add("certificates", &HotStuffOptions::certificates,
                 "a quorum's signatures travel as one, or one per voter")
            .add("history", &HotStuffOptions::history, "committed blocks kept for replicas that have fallen behind")
            .add("context", &HotStuffOptions::context,
                 "which requests replicas are willing to order: a component of kind context")
            .add("proposals", &HotStuffOptions::proposals,
                 "a block travels with its requests, or with their digests, where clients ask all replicas")
            .add("reply", &HotStuffOptions::reply, "what a reply to a client holds besides its result",
                 {.most = ByteCount{std::numeric_limits<std::uint32_t>::max()}});
    return table;
  }
};

}  // namespace conclave
