// The messages of Tendermint. Proposals and votes are signed, so that anyone may pass them on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/evidence.hpp"
#include "core/quorum_proof.hpp"
#include "core/record.hpp"
#include "core/signature.hpp"
#include "protocols/consensus/batch.hpp"

namespace conclave {

/// What a height decides: the requests of one block.
struct TendermintValue : RecordOf<TendermintValue> {
  static constexpr std::string_view kName = "tendermint_value";
  std::uint64_t height = 0;
  BatchPtr batch;
  static void fields(auto& self, auto& field) {
    field("height", self.height);
    field("batch", self.batch);
  }
  /// True if it has requests, and all of them are there.
  bool complete() const { return batch && batch->complete() && !batch->requests.empty(); }
  /// The paper's id(v). Requires that the requests are there.
  Digest digest() const {
    Encoding content;
    codec::Encoder encoder(content, false);
    encoder.put(height);
    encoder.put(batch->digest());
    return Digest::of(content.bytes);
  }
};
using TendermintValuePtr = std::shared_ptr<const TendermintValue>;

/// <PROPOSAL, h, round, v, validRound>; without a valid round it is the paper's -1.
struct TendermintProposal : RecordOf<TendermintProposal> {
  static constexpr std::string_view kName = "tendermint_proposal";
  std::uint64_t height = 0;
  std::uint32_t round = 0;
  std::optional<std::uint32_t> valid_round;
  TendermintValuePtr value;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("height", self.height);
    field("round", self.round);
    field("valid_round", self.valid_round);
    field("value", self.value);
    field("signature", self.signature);
  }
  /// What can be told from the proposal alone.
  bool well_formed() const {
    return value && value->complete() && value->height == height && (!valid_round || *valid_round < round);
  }
  Pledge pledge() const { return {"tendermint proposal", round, height, well_formed() ? value->digest() : Digest{}}; }
  bool forbidden(AgentId signer, Court& court) const;
};
using TendermintProposalPtr = std::shared_ptr<const TendermintProposal>;

enum class TendermintPhase : std::uint8_t { prevote, precommit };
constexpr std::string_view name(TendermintPhase phase) {
  return phase == TendermintPhase::prevote ? "prevote" : "precommit";
}

/// <PREVOTE, h, round, id(v)> or <PRECOMMIT, h, round, id(v)>; without a value it is a vote for nil.
struct TendermintVote : RecordOf<TendermintVote> {
  static constexpr std::string_view kName = "tendermint_vote";
  TendermintPhase phase{};
  std::uint64_t height = 0;
  std::uint32_t round = 0;
  std::optional<Digest> value;
  Signature signature;
  static void fields(auto& self, auto& field) {
    field("phase", self.phase);
    field("height", self.height);
    field("round", self.round);
    field("value", self.value);
    field("signature", self.signature);
  }
  Pledge pledge() const { return {conclave::name(phase), round, height, value.value_or(Digest{})}; }
};
using TendermintVotePtr = std::shared_ptr<const TendermintVote>;

/// Who has voted for what in a phase of a round, as far as the sender has heard.
struct TendermintHeldVotes {
  TendermintPhase phase{};
  std::optional<Digest> value;
  std::vector<std::uint64_t> voters;  ///< as VoteSet::words()
  static void fields(auto& self, auto& field) {
    field("phase", self.phase);
    field("value", self.value);
    field("voters", self.voters);
  }
};

/// What the sender has heard of one round.
struct TendermintHeld {
  std::uint32_t round = 0;
  std::vector<Digest> values;  ///< whose proposals it has
  std::vector<TendermintHeldVotes> votes;
  static void fields(auto& self, auto& field) {
    field("round", self.round);
    field("values", self.values);
    field("votes", self.votes);
  }
};

/// Where the sender is stuck and what it has: whoever has more sends it. `request` is what it waits for.
struct TendermintStatus : RecordOf<TendermintStatus> {
  static constexpr std::string_view kName = "tendermint_status";
  std::uint64_t height = 0;
  std::vector<TendermintHeld> held;
  ClientRequestPtr request;
  static void fields(auto& self, auto& field) {
    field("height", self.height);
    field("held", self.held);
    field("request", self.request);
  }
};

/// Proposals and votes of whomever that the receiver lacks.
struct TendermintGossip : RecordOf<TendermintGossip> {
  static constexpr std::string_view kName = "tendermint_gossip";
  std::vector<TendermintProposalPtr> proposals;
  std::vector<TendermintVotePtr> votes;
  static void fields(auto& self, auto& field) {
    field("proposals", self.proposals);
    field("votes", self.votes);
  }
};

/// A decided value, with the proof that a quorum precommitted it in a round.
struct TendermintDecision : RecordOf<TendermintDecision> {
  static constexpr std::string_view kName = "tendermint_decision";
  std::uint32_t round = 0;
  TendermintValuePtr value;
  QuorumProof proof;
  static void fields(auto& self, auto& field) {
    field("round", self.round);
    field("value", self.value);
    field("proof", self.proof);
  }
};
using TendermintDecisionPtr = std::shared_ptr<const TendermintDecision>;

/// Decisions in the order of their heights, for one who has fallen behind.
struct TendermintDecisions : RecordOf<TendermintDecisions> {
  static constexpr std::string_view kName = "tendermint_decisions";
  std::vector<TendermintDecisionPtr> decisions;
  static void fields(auto& self, auto& field) { field("decisions", self.decisions); }
};

}  // namespace conclave
