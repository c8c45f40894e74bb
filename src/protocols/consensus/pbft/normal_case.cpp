// The normal case: section 4.2 of the paper.
//
//   client     primary                backups
//     | request   |                      |
//     |---------->| gives a batch slot n |
//     |           |---- pre-prepare ---->| accept, if it is sound and nothing else was accepted for (v, n)
//     |           |<----- prepare ------>| all to all: "I accepted digest d for (v, n)"
//     |           |                      | prepared: the proposal and a quorum that stands behind it
//     |           |<----- commit ------->| all to all: "I am prepared"
//     |           |                      | committed: prepared, and a quorum that is prepared
//     |<-------- reply ------------------| execute in order of n, answer; the client believes f + 1 equal answers
//
// Why two rounds of votes. Two quorums share an honest replica, and an honest replica accepts one digest for (v, n): so
// no two replicas can be *prepared* for different digests in one view. The second round makes sure that enough replicas
// know it that a later view cannot forget it. The primary's proposal counts as its prepare.
//
// A proposal is sound if it lies between the watermarks, its batch is the one that it names, the clients have signed
// every request in it, and the data context refuses none.

#include "core/quorum.hpp"
#include "protocols/consensus/pbft/accusations.hpp"

namespace conclave {

// Request: the primary proposes what is new, a backup passes it on; an answer already given is given again.

void Pbft::on_request(const View& view, AgentId from, const ClientRequestPtr& request, Outbox& out) {
  if (std::string reason = refusal(context_, *request); !reason.empty())
    return out.emit(ProposalRefused{
        .proposer = from, .view = view_, .sequence = 0, .digest = request->digest(), .reason = std::move(reason)});
  switch (service_.admit(view, request, out)) {
    case Service::Admission::forged: return accuse(Offence::invalid_signature, from, {}, {request}, false, out);
    case Service::Admission::known: return;
    case Service::Admission::kept:
      if (active_ && !leads(view) && from != primary()) out.send(primary(), request);
  }
}

/// Proposes batches as long as there is room in the pipeline and between the watermarks.
void Pbft::propose_waiting(const View& view, Outbox& out) {
  if (!leads(view)) return;
  while (proposed_ < executed_ + pipeline_ && proposed_ < low() + window_) {
    const std::size_t waiting = service_.waiting_since(cursor_, batch_most_);
    if (waiting == 0) return;
    if (waiting < batch_most_ && batch_delay_ > Duration::zero() && !batch_due_) {
      if (!batch_timer_) out.set_timer({kBatchTimer}, batch_delay_);
      batch_timer_ = true;
      return;
    }
    propose(view, out);
  }
}

void Pbft::propose(const View& view, Outbox& out) {
  if (batch_timer_) out.cancel_timer({kBatchTimer});
  batch_timer_ = batch_due_ = false;
  Batch filled;
  filled.requests = service_.take(batch_most_, under_way_, cursor_);
  if (filled.requests.empty()) return;
  const BatchPtr batch = share(std::move(filled));
  const PbftProposalPtr proposal =
      view.crypto.sign(PbftProposal{.view = view_, .sequence = ++proposed_, .digest = batch->digest()});
  proposal->books.open(proposal->digest, n_);
  say_proposed(*proposal, out);
  out.broadcast(view.peers, share(PbftPrePrepare{.proposal = proposal, .batch = batch}));
  accept(view, proposal, batch, out);
}

/// Proposing is preparing.
void Pbft::say_proposed(const PbftProposal& proposal, Outbox& out) const {
  out.emit(Proposed{.view = proposal.view, .sequence = proposal.sequence, .digest = proposal.digest});
  out.emit(Voted{.phase = "prepare", .view = proposal.view, .sequence = proposal.sequence, .digest = proposal.digest});
}

// Pre-prepare: a backup accepts one proposal for (v, n), and says so.

void Pbft::on_pre_prepare(const View& view, AgentId from, const RecordPtr& body, Outbox& out) {
  const auto& message = static_cast<const PbftPrePrepare&>(*body);
  if (!message.proposal || !message.batch || !message.batch->complete()) return;
  const PbftProposalPtr& proposal = message.proposal;
  if (proposal->view > view_ || (proposal->view == view_ && !active_)) return hold(from, body, proposal->view);
  if (proposal->view < view_ || leads(view)) return;
  const PbftSlot* slot = slot_at(proposal->sequence);
  if (slot && slot->proposal && slot->proposal->digest == proposal->digest) return;  // sent again
  if (!is_sound(view, from, body, out)) return;
  if (slot && slot->proposal) {
    refuse(*proposal, "another proposal was accepted for the slot", out);
    return accuse_of_two(primary(), slot->proposal, proposal, out);
  }
  for (const ClientRequestPtr& request : message.batch->requests) service_.keep(request);
  accept(view, proposal, message.batch, out);
}

/// Phase 1: validates a proposal of this view; refuses it with the reason.
bool Pbft::is_sound(const View& view, AgentId from, const RecordPtr& body, Outbox& out) {
  const auto& message = static_cast<const PbftPrePrepare&>(*body);
  const PbftProposal& proposal = *message.proposal;
  const auto refused = [&](std::string reason) { return refuse(proposal, std::move(reason), out), false; };
  if (proposal.signature.signer != primary() && view.crypto.verify(proposal, proposal.signature.signer)) {
    accuse(Offence::bad_view, proposal.signature.signer, proposal.pledge(), {message.proposal}, true, out);
    return refused("its signer does not lead this view");
  }
  if (!view.crypto.verify(proposal, primary())) {
    accuse(Offence::invalid_signature, from, proposal.pledge(), {body}, false, out);
    return refused("the primary has not signed it");
  }
  if (proposal.sequence == 0) {
    accuse(Offence::bad_sequence, primary(), proposal.pledge(), {message.proposal}, true, out);
    return refused("there is no slot 0");
  }
  if (proposal.sequence <= low()) return false;  // sent again, long ago stable
  note_heard(view.peers.rank(from), proposal.sequence);
  if (!slot_at(proposal.sequence)) return refused("above the high watermark");
  if (message.batch->digest() != proposal.digest) {
    accuse(Offence::invalid_proposal, from, proposal.pledge(), {body}, false, out);
    return refused("the batch is not the one that it names");
  }
  for (const ClientRequestPtr& request : message.batch->requests) {
    if (service_.authentic(view, request)) continue;
    accuse(Offence::invalid_proposal, primary(), proposal.pledge(), {body}, true, out);
    return refused("a request that its client has not signed");
  }
  if (std::string reason = refusal(context_, *message.batch); !reason.empty()) {
    accuse(Offence::invalid_proposal, primary(), proposal.pledge(), {body}, false, out);
    return refused(std::move(reason));
  }
  return true;
}

/// Stands behind a proposal of this view. The batch may be null where a new view has named what others have.
void Pbft::accept(const View& view, const PbftProposalPtr& proposal, const BatchPtr& batch, Outbox& out) {
  PbftSlot& slot = *slot_at(proposal->sequence);
  slot.proposal = proposal;
  slot.prepares.use(proposal->books.prepares());
  slot.commits.use(proposal->books.commits());
  if (batch) slot.keep(batch);
  accepted_ = std::max(accepted_, proposal->sequence);
  if (!leads(view)) {
    out.emit(Voted{.phase = "prepare", .view = view_, .sequence = proposal->sequence, .digest = proposal->digest});
    const auto prepare =
        view.crypto.sign(PbftPrepare{.view = view_, .sequence = proposal->sequence, .digest = proposal->digest});
    prepare->mark.set(proposal->books.prepares());
    out.broadcast(view.peers, prepare);
    slot.prepares.add(view.peers.rank(view.self), n_, prepare);
  }
  try_prepare(view, slot, out);
}

// Prepare: a quorum behind the accepted digest makes it prepared.

void Pbft::on_prepare(const View& view, AgentId from, const RecordPtr& body, Outbox& out) {
  const auto& prepare = static_cast<const PbftPrepare&>(*body);
  if (prepare.view > view_ || (prepare.view == view_ && !active_)) return hold(from, body, prepare.view);
  if (prepare.view < view_ || from == primary()) return;
  const std::uint32_t rank = view.peers.rank(from);
  note_heard(rank, prepare.sequence);
  PbftSlot* slot = slot_at(prepare.sequence);
  if (!slot) return;
  if (!authentic(view, from, prepare, body, out)) return;
  compare(from, prepare, body, *slot, out);
  if (slot->prepares.add(rank, n_, prepare, body)) try_prepare(view, *slot, out);
}

void Pbft::try_prepare(const View& view, PbftSlot& slot, Outbox& out) {
  if (slot.prepared || !slot.proposal) return;
  const auto [view_number, sequence, digest] =
      std::tuple(slot.proposal->view, slot.proposal->sequence, slot.proposal->digest);
  VoteSet voters = slot.prepares.voters(digest);
  if (voters.count() + 1 < group_.quorum) return;
  voters.add(view.peers.rank(primary()), n_);
  slot.prepared = true;
  out.emit(Certified{.phase = "prepare",
                     .view = view_number,
                     .sequence = sequence,
                     .digest = digest,
                     .group_first = view.peers.first,
                     .voters = voters.words()});
  PbftCommit statement{.view = view_number, .sequence = sequence, .digest = digest};
  const auto commit = macs_ ? share(std::move(statement)) : view.crypto.sign(std::move(statement));
  out.emit(Voted{.phase = "commit", .view = view_number, .sequence = sequence, .digest = digest});
  commit->mark.set(slot.proposal->books.commits());
  out.broadcast(view.peers, on_the_wire(commit, n_ - 1, out));
  slot.commits.add(view.peers.rank(view.self), n_, commit);
  slot.own_commit = commit;
  try_commit(view, slot, out);
}

// Commit: prepared, and a quorum that is. Nothing can change the slot any more.

void Pbft::on_commit(const View& view, AgentId from, const RecordPtr& body, Outbox& out) {
  const auto& commit = static_cast<const PbftCommit&>(*body);
  if (commit.view > view_ || (commit.view == view_ && !active_)) return hold(from, body, commit.view);
  if (commit.view < view_) return;
  const std::uint32_t rank = view.peers.rank(from);
  note_heard(rank, commit.sequence);
  PbftSlot* slot = slot_at(commit.sequence);
  if (!slot) return;
  if (!macs_ && !authentic(view, from, commit, body, out)) return;
  compare(from, commit, body, *slot, out);
  if (slot->commits.add(rank, n_, commit, body)) try_commit(view, *slot, out);
}

/// A MAC shows what the network shows here: who has sent it.
void Pbft::on_mac_commit(const View& view, AgentId from, const PbftMacCommit& commit, Outbox& out) {
  if (!macs_) return;
  out.spend(mac_cost_);
  on_commit(view, from, share(PbftCommit{.view = commit.view, .sequence = commit.sequence, .digest = commit.digest}),
            out);
}

RecordPtr Pbft::on_the_wire(const std::shared_ptr<const PbftCommit>& commit, std::uint32_t receivers,
                            Outbox& out) const {
  constexpr std::uint32_t kMacBytes = 8;
  if (!macs_) return commit;
  out.spend(mac_cost_ * receivers);
  return share(PbftMacCommit{
      .view = commit->view, .sequence = commit->sequence, .digest = commit->digest, .macs = {kMacBytes * receivers}});
}

void Pbft::try_commit(const View& view, PbftSlot& slot, Outbox& out) {
  if (slot.committed || !slot.prepared) return;
  const auto [view_number, sequence, digest] =
      std::tuple(slot.proposal->view, slot.proposal->sequence, slot.proposal->digest);
  const VoteSet& voters = slot.commits.voters(digest);
  if (voters.count() < group_.quorum) return;
  slot.committed = true;
  out.emit(Certified{.phase = "commit",
                     .view = view_number,
                     .sequence = sequence,
                     .digest = digest,
                     .group_first = view.peers.first,
                     .voters = voters.words()});
  if (slot.decided != digest) out.emit(Decided{.view = view_number, .sequence = sequence, .digest = digest});
  slot.decided = digest;
  slot.commits.forget_votes();  // nobody will ask for them: a later view needs the prepares
  execute_in_order(view, out);
}

// Execute: decided slots in the order of their numbers, each request of a client once.

void Pbft::execute_in_order(const View& view, Outbox& out) {
  for (PbftSlot* slot = slot_at(executed_ + 1); slot && slot->decided; slot = slot_at(executed_ + 1)) {
    const BatchPtr batch = slot->find_batch(*slot->decided);
    if (!batch) return;  // resend() asks for it
    executed_++;
    heard_.executed(executed_);
    given_up_ = 0;
    service_.execute(view, view_, executed_, *slot->decided, batch->requests, out);
    if (executed_ % checkpoint_every_ == 0) take_checkpoint(view, out);
  }
}

void Pbft::refuse(const PbftProposal& proposal, std::string reason, Outbox& out) const {
  out.emit(ProposalRefused{.proposer = proposal.signature.signer,
                           .view = proposal.view,
                           .sequence = proposal.sequence,
                           .digest = proposal.digest,
                           .reason = std::move(reason)});
}

/// The slot if it lies between the watermarks, otherwise nullptr: so no message makes the log grow beyond them.
PbftSlot* Pbft::slot_at(std::uint64_t sequence) {
  if (sequence <= low() || sequence > low() + window_) return nullptr;
  return &slots_[sequence];
}

}  // namespace conclave
