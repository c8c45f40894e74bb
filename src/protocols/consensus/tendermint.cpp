// Tendermint: Buchman, Kwon, Milosevic, "The latest gossip on BFT consensus", 2018, algorithm 1. Names are the paper's,
// and the rules carry its line numbers.
//
// n >= 3f + 1 replicas decide one height after the other, each in rounds until one succeeds. The proposer of a round is
// height + round mod n, so everybody's turn comes.
//
//   proposer              all                        all
//      |---- proposal ---->|                          |
//      |                   |<------ prevote --------->| all to all: the value, or nil if it is unacceptable or late
//      |                   |                          | polka: a quorum of prevotes for one value: lock it
//      |                   |<----- precommit -------->| all to all: the value that one is locked on, or nil
//      |                   |                          | a quorum of precommits for one value: decide
//
// Why it is safe. A replica votes once in a phase of a round, and two quorums share an honest replica, so a round has
// at most one polka. When a value is decided in a round, n - 2f honest replicas and more are locked on it; in later
// rounds they prevote nothing else, so nothing else gets a polka, and without one nobody locks or precommits it. A lock
// yields only to a polka of a later round, which then cannot have been for another value.
//
// Why it is live. A polka that one honest replica has seen reaches all: they keep its value as *valid*, and the next
// proposer proposes it with the round of the polka, which unlocks who was locked before. Timeouts grow with the round,
// so that some round outlasts the message delays.
//
// The paper assumes that messages gossip until they reach all. Here everyone sends to everyone, and who is stuck for a
// while tells some peers what it has heard of the height; they send what it lacks, votes of others included, or the
// decisions that it has missed. So a vote that a liar shows to one replica alone reaches the others too.
//
// A height begins when somebody wants something. Messages of a decision without faults: n - 1 proposals, n (n - 1)
// prevotes, n (n - 1) precommits; three message delays.

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/accusations.hpp"
#include "protocols/consensus/resilience.hpp"
#include "protocols/consensus/service.hpp"
#include "protocols/consensus/tendermint_gossip.hpp"
#include "protocols/consensus/tendermint_messages.hpp"
#include "protocols/consensus/tendermint_options.hpp"
#include "protocols/consensus/tendermint_round.hpp"

namespace conclave {
namespace {

/// Messages for heights and rounds further ahead than this are not kept: whoever lies may send no more.
constexpr std::uint64_t kHeightsAheadMax = 8;
constexpr std::uint32_t kRoundsAheadMax = 16;
/// Peers that one who is stuck asks at a time; others the next time.
constexpr std::uint32_t kPeersAsked = 4;
/// Decisions in one answer; the rest next time.
constexpr std::size_t kDecisionsMax = 64;

class Tendermint final : public Protocol {
 public:
  using Options = TendermintOptions;

  Tendermint(const Options& options, const Deployment& deployment)
      : n_(deployment.group.agents.count),
        f_(options.f.value_or(most_faulty(n_))),
        quorum_(byzantine_quorum(n_, f_)),
        options_(options),
        context_(options.context.make(deployment)),
        furthest_(n_, 0),
        service_(options.reply) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    check_resilience(options.f, deployment, written, diagnostics);
    options.context.check(deployment, diagnostics);
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Start&) { announce_round(view, out); },
        [&](const Message& message) { hear(view, message, out); },
        [&](const TimerFired& timer) { on_timer(view, static_cast<Timer>(timer.key.name), out); },
        [&](const Restarted&) { on_restart(); });
    while (apply_a_rule(view, out)) continue;
    keep_asking(out);
  }

 private:
  enum Timer : std::uint32_t { kPropose, kPrevote, kPrecommit, kAsk };
  enum class Step { propose, prevote, precommit };

  void hear(const View& view, const Message& message, Outbox& out) {
    if (message.body->as<ClientRequest>()) {
      return on_request(view, std::static_pointer_cast<const ClientRequest>(message.body), out);
    }
    if (!view.peers.contains(message.from)) return;
    dispatch<TendermintVote, TendermintProposal, TendermintStatus, TendermintGossip, TendermintDecisions>(
        *message.body, Overload{
                           [&](const TendermintVote&) {
                             on_vote(view, std::static_pointer_cast<const TendermintVote>(message.body), out);
                           },
                           [&](const TendermintProposal&) {
                             on_proposal(view, std::static_pointer_cast<const TendermintProposal>(message.body), out);
                           },
                           [&](const TendermintStatus& status) { on_status(view, message.from, status, out); },
                           [&](const TendermintGossip& gossip) {
                             for (const TendermintVotePtr& vote : gossip.votes) on_vote(view, vote, out);
                             for (const TendermintProposalPtr& proposal : gossip.proposals)
                               on_proposal(view, proposal, out);
                           },
                           [&](const TendermintDecisions& answer) { on_decisions(view, message.from, answer, out); },
                       });
  }

  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) {
    if (refusal(context_, *request).empty()) service_.admit(view, request, out);
  }

  AgentId proposer(const View& view, std::uint64_t height, std::uint32_t round) const {
    return view.peers[(height + round) % n_];
  }
  TendermintRound& current() { return rounds_[round_]; }

  // Line 11: start a round.

  void start_round(const View& view, std::uint32_t round, Outbox& out) {
    round_ = round;
    step_ = Step::propose;
    begun_ = false;
    for (const Timer timer : {kPropose, kPrevote, kPrecommit}) out.cancel_timer({timer});
    announce_round(view, out);
  }

  void announce_round(const View& view, Outbox& out) const {
    out.emit(ViewEntered{.view = round_, .leader = proposer(view, height_, round_)});
  }

  /// Lines 14 to 21. Round 0 begins when there is a request; a proposer that has nothing to propose waits like the
  /// rest.
  bool begin_round(const View& view, Outbox& out) {
    if (begun_ || step_ != Step::propose || (round_ == 0 && !service_.waiting())) return false;
    begun_ = true;
    const bool proposes = proposer(view, height_, round_) == view.self && (valid_value_ || service_.waiting());
    proposes ? propose(view, out) : out.set_timer({kPropose}, patience());
    return true;
  }

  void propose(const View& view, Outbox& out) {
    const TendermintValuePtr value =
        valid_value_ ? valid_value_
                     : share(TendermintValue{.height = height_,
                                             .batch = share(Batch{.requests = service_.batch(options_.batch, {})})});
    const TendermintProposalPtr proposal = view.crypto.sign(
        TendermintProposal{.height = height_, .round = round_, .valid_round = valid_round_, .value = value});
    out.emit(Proposed{.view = round_, .sequence = height_, .digest = value->digest()});
    out.broadcast(view.peers, proposal);
    on_proposal(view, proposal, out);
  }

  Duration patience() const {
    return std::min(options_.timeout + options_.timeout_step * static_cast<std::int64_t>(round_), options_.timeout_max);
  }

  // What arrives is kept; the rules below look at it.

  /// The round that a message is of, or nullptr if it is too old or too far ahead to be kept.
  TendermintRound* place(const View& view, std::uint64_t height, std::uint32_t round, AgentId signer) {
    if (height < height_) return nullptr;
    behind_ = behind_ || height > height_;
    const std::uint32_t base = height == height_ ? round_ : 0;
    if (height == height_) {
      std::uint32_t& furthest = furthest_[view.peers.rank(signer)];
      furthest = std::max(furthest, round);
      furthest_of_all_ = std::max(furthest_of_all_, round);
    }
    if (height > height_ + kHeightsAheadMax || round > base + kRoundsAheadMax) return nullptr;
    TendermintRound& found = height == height_ ? rounds_[round] : later_[height][round];
    found.heard.add(view.peers.rank(signer), n_);
    return &found;
  }

  void on_proposal(const View& view, const TendermintProposalPtr& proposal, Outbox& out) {
    if (!proposal || proposal->height < height_) return;
    const AgentId signer = proposer(view, proposal->height, proposal->round);
    if (!view.crypto.verify(*proposal, signer)) return;
    if (!proposal->well_formed()) return accuse(signer, Offence::invalid_proposal, *proposal, {proposal}, true, out);
    TendermintRound* round = place(view, proposal->height, proposal->round, signer);
    const Digest digest = proposal->value->digest();
    if (!round || round->find(digest)) return;
    if (!round->proposals.empty()) {
      accuse(signer, Offence::equivocation, *proposal, {round->proposals.front().proposal, proposal}, true, out);
      // An honest replica has voted for it: it may be the one that is decided.
      if (std::max(round->prevotes.count(digest), round->precommits.count(digest)) < honest_witness(f_)) return;
    }
    std::string fault = fault_of(view, proposal, out);
    if (fault.empty())
      for (const ClientRequestPtr& request : proposal->value->batch->requests) service_.keep(request);
    round->proposals.push_back({digest, std::move(fault), proposal});
  }

  /// Why the value is not the paper's valid(v); empty if it is. All honest replicas judge alike.
  std::string fault_of(const View& view, const TendermintProposalPtr& proposal, Outbox& out) {
    const auto& requests = proposal->value->batch->requests;
    const bool signed_all = std::all_of(requests.begin(), requests.end(), [&](const ClientRequestPtr& request) {
      return service_.authentic(view, request);
    });
    std::string fault = !signed_all                        ? "a request that its client has not signed"
                        : requests.size() > options_.batch ? "more requests than a value may hold"
                                                           : refusal(context_, *proposal->value->batch);
    if (!fault.empty())
      accuse(proposer(view, proposal->height, proposal->round), Offence::invalid_proposal, *proposal, {proposal},
             !signed_all, out);
    return fault;
  }

  void on_vote(const View& view, const TendermintVotePtr& vote, Outbox& out) {
    if (!vote || vote->height < height_ || vote->phase > TendermintPhase::precommit) return;
    const AgentId signer = vote->signature.signer;
    if (!view.peers.contains(signer) || !view.crypto.verify(*vote, signer)) return;
    TendermintRound* round = place(view, vote->height, vote->round, signer);
    if (!round) return;
    TendermintTally& tally = round->tally(vote->phase);
    const bool again = tally.contains(view.peers.rank(signer));
    tally.add(view.peers.rank(signer), n_, vote);
    if (!again) return;
    if (const TendermintVotePtr first = tally.conflicting(*vote))
      accuse(signer, Offence::equivocation, *vote, {first, vote}, true, out);
  }

  /// Without a value it is a vote for nil, announced with a digest of zeros.
  void vote(const View& view, TendermintPhase phase, std::optional<Digest> value, Outbox& out) {
    step_ = phase == TendermintPhase::prevote ? Step::prevote : Step::precommit;
    out.emit(Voted{
        .phase = std::string(name(phase)), .view = round_, .sequence = height_, .digest = value.value_or(Digest{})});
    const TendermintVotePtr vote =
        view.crypto.sign(TendermintVote{.phase = phase, .height = height_, .round = round_, .value = std::move(value)});
    out.broadcast(view.peers, vote);
    on_vote(view, vote, out);
  }

  // The rules. Each looks whether it applies and then does what the paper says.

  bool apply_a_rule(const View& view, Outbox& out) {
    return decide_precommitted(view, out) || skip_ahead(view, out) || begin_round(view, out) ||
           prevote_proposal(view, out) || handle_polka(view, out) || precommit_nil(view, out) || wait_for_votes(out);
  }

  /// Lines 22 and 28: prevote for a proposal that the lock allows.
  bool prevote_proposal(const View& view, Outbox& out) {
    if (step_ != Step::propose || current().proposals.empty()) return false;
    const TendermintRound::Proposed& proposed = current().proposals.front();
    const std::optional<std::uint32_t> valid_round = proposed.proposal->valid_round;
    if (valid_round && rounds_[*valid_round].prevotes.count(proposed.digest) < quorum_) return false;
    const bool lock_allows =
        !locked_round_ || locked_value_ == proposed.digest || (valid_round && *locked_round_ <= *valid_round);
    if (!proposed.valid()) refuse(view, proposed, proposed.fault, out);
    if (!lock_allows) refuse(view, proposed, "conflicts with the lock", out);
    out.cancel_timer({kPropose});
    vote(view, TendermintPhase::prevote,
         proposed.valid() && lock_allows ? std::optional(proposed.digest) : std::nullopt, out);
    return true;
  }

  /// Line 36: a polka locks the value, if it is not too late for that, and makes it the one to propose.
  bool handle_polka(const View& view, Outbox& out) {
    TendermintRound& round = current();
    if (step_ == Step::propose || round.polka_handled) return false;
    const TendermintTally::Ballot* polka = round.prevotes.with(quorum_);
    if (!polka || !polka->value) return false;
    const TendermintRound::Proposed* proposed = round.find(*polka->value);
    if (!proposed || !proposed->valid()) return false;
    round.polka_handled = true;
    certify(view, TendermintPhase::prevote, round_, *polka, out);
    valid_value_ = proposed->proposal->value;
    valid_round_ = round_;
    if (step_ != Step::prevote) return true;
    locked_value_ = proposed->digest;
    locked_round_ = round_;
    vote(view, TendermintPhase::precommit, proposed->digest, out);
    return true;
  }

  /// Line 44: a quorum does not want the proposal.
  bool precommit_nil(const View& view, Outbox& out) {
    if (step_ != Step::prevote || current().prevotes.count(std::nullopt) < quorum_) return false;
    vote(view, TendermintPhase::precommit, std::nullopt, out);
    return true;
  }

  /// Lines 34 and 47: a quorum has voted, though not for the same: wait for the others, but not for ever.
  bool wait_for_votes(Outbox& out) {
    TendermintRound& round = current();
    if (step_ == Step::prevote && !round.prevote_waited && round.prevotes.count() >= quorum_) {
      round.prevote_waited = true;
      out.set_timer({kPrevote}, patience());
    }
    if (!round.precommit_waited && round.precommits.count() >= quorum_) {
      round.precommit_waited = true;
      out.set_timer({kPrecommit}, patience());
    }
    return false;
  }

  /// Line 49: a quorum has precommitted a value, in whichever round.
  bool decide_precommitted(const View& view, Outbox& out) {
    for (auto& [number, round] : rounds_) {
      const TendermintTally::Ballot* ballot = round.precommits.with(quorum_);
      if (!ballot || !ballot->value) continue;
      const TendermintRound::Proposed* proposed = round.find(*ballot->value);
      if (!proposed || !proposed->valid()) continue;
      certify(view, TendermintPhase::precommit, number, *ballot, out);
      std::vector<TendermintVotePtr> votes;
      for (const TendermintVotePtr& vote : round.precommits.votes())
        if (vote->value == ballot->value) votes.push_back(vote);
      decide(view,
             share(TendermintDecision{.round = number,
                                      .value = proposed->proposal->value,
                                      .proof = view.crypto.prove(view.peers, votes, ProofForm::combined)}),
             proposed->digest, out);
      return true;
    }
    return false;
  }

  void decide(const View& view, TendermintDecisionPtr decision, const Digest& digest, Outbox& out) {
    out.emit(Decided{.view = decision->round, .sequence = height_, .digest = digest});
    service_.execute(view, decision->round, height_, digest, decision->value->batch->requests, out);
    history_.push_back(std::move(decision));
    if (history_.size() > options_.history) history_.pop_front();
    height_++;
    auto next = later_.extract(height_);
    rounds_ = next ? std::move(next.mapped()) : TendermintRounds{};
    locked_round_ = valid_round_ = std::nullopt;
    locked_value_ = std::nullopt;
    valid_value_ = nullptr;
    furthest_.assign(n_, 0);
    furthest_of_all_ = 0;
    out.cancel_timer({kAsk});
    asking_ = false;
    behind_ = !later_.empty();
    start_round(view, 0, out);
  }

  /// Line 55: f + 1 are in a later round, so an honest one is.
  bool skip_ahead(const View& view, Outbox& out) {
    const std::uint32_t witnesses = honest_witness(f_);
    for (auto round = rounds_.rbegin(); round != rounds_.rend() && round->first > round_; ++round) {
      if (round->second.heard.count() < witnesses) continue;
      start_round(view, round->first, out);
      return true;
    }
    // Rounds too far ahead to be kept: who has fallen so far behind goes where f + 1 have got to at least.
    if (furthest_of_all_ <= round_ + kRoundsAheadMax) return false;
    std::vector<std::uint32_t> furthest = furthest_;
    std::nth_element(furthest.begin(), furthest.end() - witnesses, furthest.end());
    const std::uint32_t reached = furthest[n_ - witnesses];
    if (reached <= round_ + kRoundsAheadMax) return false;
    start_round(view, reached, out);
    return true;
  }

  // Timeouts: lines 57, 61 and 65.

  void on_timer(const View& view, Timer timer, Outbox& out) {
    if (timer == kAsk) return ask(view, out);
    const bool late = (timer == kPropose && step_ == Step::propose) || (timer == kPrevote && step_ == Step::prevote) ||
                      timer == kPrecommit;
    if (!late) return;
    constexpr std::string_view kPhases[] = {"propose", "prevote", "precommit"};
    out.emit(PhaseTimedOut{.phase = std::string(kPhases[timer]), .view = round_, .sequence = height_});
    if (timer == kPropose) vote(view, TendermintPhase::prevote, std::nullopt, out);
    if (timer == kPrevote) vote(view, TendermintPhase::precommit, std::nullopt, out);
    if (timer == kPrecommit) start_round(view, round_ + 1, out);
  }

  /// Votes, locks and proposals are kept; timers are set again as the rules find their conditions again.
  void on_restart() {
    TendermintRound& round = current();
    round.prevote_waited = round.precommit_waited = false;
    begun_ = begun_ && !round.proposals.empty();
    asking_ = false;
    behind_ = true;
  }

  // Gossip: who is stuck says what it has; who has more sends it.

  void keep_asking(Outbox& out) {
    const bool wanted = service_.waiting() || behind_;
    if (wanted == asking_) return;
    asking_ = wanted;
    wanted ? out.set_timer({kAsk}, options_.gossip) : out.cancel_timer({kAsk});
  }

  void ask(const View& view, Outbox& out) {
    asking_ = false;
    behind_ = false;
    std::vector<AgentId> asked;
    for (std::uint32_t i = 0; i < n_ && asked.size() < kPeersAsked; i++) {
      const AgentId peer = view.peers[next_asked_++ % n_];
      if (peer != view.self) asked.push_back(peer);
    }
    std::sort(asked.begin(), asked.end());
    out.multicast(std::move(asked), status());
  }

  RecordPtr status() {
    return share(TendermintStatus{.height = height_, .held = held_of(rounds_), .request = service_.oldest()});
  }

  void on_status(const View& view, AgentId from, const TendermintStatus& status, Outbox& out) {
    if (status.request) on_request(view, status.request, out);
    if (status.height < height_) return send_decisions(from, status.height, out);
    if (status.height > height_) return void(behind_ = true);
    TendermintGossip missing = missing_of(rounds_, status.held, view.peers);
    if (!missing.votes.empty() || !missing.proposals.empty()) out.send(from, share(std::move(missing)));
  }

  void send_decisions(AgentId to, std::uint64_t height, Outbox& out) const {
    const std::uint64_t first = height_ - history_.size();
    if (height < first) return;  // forgotten: another peer may have it
    TendermintDecisions answer;
    for (std::uint64_t at = height; at < height_ && answer.decisions.size() < kDecisionsMax; at++)
      answer.decisions.push_back(history_[at - first]);
    out.send(to, share(std::move(answer)));
  }

  void on_decisions(const View& view, AgentId from, const TendermintDecisions& answer, Outbox& out) {
    const std::uint64_t before = height_;
    for (const TendermintDecisionPtr& decision : answer.decisions) {
      if (!decision || !decision->value || decision->value->height != height_) continue;
      if (!decision->value->complete() || decision->proof.count() < quorum_) return;
      const Digest digest = decision->value->digest();
      const TendermintVote statement{
          .phase = TendermintPhase::precommit, .height = height_, .round = decision->round, .value = digest};
      if (!view.crypto.verify(*decision, statement, view.peers, decision->proof)) return;
      decide(view, decision, digest, out);
    }
    if (height_ - before == kDecisionsMax) out.send(from, status());
  }

  void certify(const View& view, TendermintPhase phase, std::uint32_t round, const TendermintTally::Ballot& ballot,
               Outbox& out) const {
    out.emit(Certified{.phase = std::string(name(phase)),
                       .view = round,
                       .sequence = height_,
                       .digest = *ballot.value,
                       .group_first = view.peers.first,
                       .voters = ballot.voters.words()});
  }

  void refuse(const View& view, const TendermintRound::Proposed& proposed, std::string reason, Outbox& out) const {
    out.emit(ProposalRefused{.proposer = proposer(view, height_, round_),
                             .view = round_,
                             .sequence = height_,
                             .digest = proposed.digest,
                             .reason = std::move(reason)});
  }

  template <class Statement>
  void accuse(AgentId accused, Offence offence, const Statement& statement, std::vector<RecordPtr> evidence,
              bool transferable, Outbox& out) {
    accusations_.accuse(accused, offence, statement.round, statement.height, std::move(evidence), transferable, out);
  }

  const std::uint32_t n_;
  const std::uint32_t f_;
  const std::uint32_t quorum_;
  const Options options_;
  const std::shared_ptr<const DataContext> context_;

  // The paper's variables, line 1. Locks and valid values are of the current height.
  std::uint64_t height_ = 1;
  std::uint32_t round_ = 0;
  Step step_ = Step::propose;
  std::optional<Digest> locked_value_;
  std::optional<std::uint32_t> locked_round_;
  TendermintValuePtr valid_value_;
  std::optional<std::uint32_t> valid_round_;
  bool begun_ = false;  ///< the current round has been proposed in, or its proposal is waited for

  TendermintRounds rounds_;                          ///< what was heard of this height
  std::map<std::uint64_t, TendermintRounds> later_;  ///< and of some beyond
  std::vector<std::uint32_t> furthest_;              ///< by rank: the furthest round of this height heard of it
  std::uint32_t furthest_of_all_ = 0;
  Service service_;

  bool asking_ = false;  ///< the timer kAsk is pending
  bool behind_ = false;  ///< somebody is at a later height
  std::uint64_t next_asked_ = 0;
  std::deque<TendermintDecisionPtr> history_;  ///< of the last heights
  Accusations accusations_;
};

const bool registered = ProtocolCatalog::add<Tendermint>(
    {.name = "tendermint", .family = "consensus", .summary = "Tendermint with full-mesh gossip (2018)"});

}  // namespace
}  // namespace conclave
