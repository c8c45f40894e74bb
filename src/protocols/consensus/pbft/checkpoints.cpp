// Checkpoints and garbage collection: sections 4.3 and 4.4 of the paper ("garbage collection").
//
//   slots   0 ......... h ............ executed ............ h + window
//           forgotten   |  in the log, kept for view changes  |  refused
//                       low watermark: the last stable checkpoint
//
// Every `checkpoint` slots a replica signs the digest of its state. When a quorum has signed the same digest, the
// checkpoint is stable: f + 1 honest replicas have that state, so whoever comes late can get it, and the slots up to it
// may be forgotten. Only then: a log that is cut at an unstable checkpoint may have forgotten what only it knew. The
// window bounds the log, however fast a liar counts.
//
// State transfer. A replica that learns of a stable checkpoint beyond what it has executed can wait no longer for the
// slots before it, for the others have forgotten them. It asks one replica after the other for the state, which needs
// no trust: its digest is in the proof.

#include "core/quorum.hpp"
#include "protocols/consensus/pbft/accusations.hpp"

namespace conclave {

void Pbft::take_checkpoint(const View& view, Outbox& out) {
  const ServiceStatePtr state = share(service_.state());
  states_[executed_] = state;
  const auto checkpoint = view.crypto.sign(PbftCheckpoint{.sequence = executed_, .digest = state->digest()});
  out.emit(Voted{.phase = "checkpoint", .view = 0, .sequence = executed_, .digest = checkpoint->digest});
  out.broadcast(view.peers, checkpoint);
  checkpoints_[executed_].add(view.peers.rank(view.self), n_, checkpoint);
  try_stabilise(view, executed_, checkpoint->digest, out);
}

void Pbft::on_checkpoint(const View& view, AgentId from, const RecordPtr& body, Outbox& out) {
  const auto checkpoint = std::static_pointer_cast<const PbftCheckpoint>(body);
  const std::uint64_t sequence = checkpoint->sequence;
  const std::uint32_t rank = view.peers.rank(from);
  note_heard(rank, sequence);
  // Beyond the window lie the checkpoints of those who are far ahead: resend() gets one with its proof.
  if (sequence <= low() || sequence > low() + window_ || sequence % checkpoint_every_ != 0) return;
  if (!authentic(view, from, *checkpoint, body, out)) return;
  Ballots<PbftCheckpoint>& votes = checkpoints_[sequence];
  if (votes.add(rank, n_, checkpoint)) return try_stabilise(view, sequence, checkpoint->digest, out);
  const auto first = votes.of(rank);
  if (first->digest != checkpoint->digest) accuse_of_two(from, first, checkpoint, out);
}

void Pbft::try_stabilise(const View& view, std::uint64_t sequence, const Digest& digest, Outbox& out) {
  const Ballots<PbftCheckpoint>& votes = checkpoints_[sequence];
  if (votes.voters(digest).count() < group_.quorum) return;
  if (target_ && target_->sequence >= sequence) return;
  PbftStable stable{.sequence = sequence, .digest = digest};
  stable.proof = view.crypto.prove(view.peers, votes.votes(digest), ProofForm::list);
  const PbftStablePtr proven = share(std::move(stable));
  if (sequence <= executed_) return stabilise(view, proven, out);
  target_ = proven;  // a little late, perhaps: resend() fetches the state if the slots do not come
}

/// Forgets what a stable checkpoint makes superfluous. Requires its state, executed or transferred.
void Pbft::stabilise(const View& view, const PbftStablePtr& stable, Outbox& out) {
  stable_ = stable;
  if (target_ && target_->sequence <= executed_) target_.reset();
  slots_.erase(slots_.begin(), slots_.upper_bound(stable->sequence));
  checkpoints_.erase(checkpoints_.begin(), checkpoints_.upper_bound(stable->sequence));
  states_.erase(states_.begin(), states_.lower_bound(stable->sequence));
  proposed_ = std::max(proposed_, stable->sequence);
  out.emit(Certified{.phase = "checkpoint",
                     .view = 0,
                     .sequence = stable->sequence,
                     .digest = stable->digest,
                     .group_first = view.peers.first,
                     .voters = stable->proof.voters});
  out.emit(Checkpointed{.sequence = stable->sequence, .state = stable->digest});
}

// State transfer.

/// Somebody proves that a checkpoint is stable.
void Pbft::on_stable(const View& view, AgentId from, const PbftStablePtr& stable, Outbox& out) {
  if (stable->sequence <= low()) return;
  if (!valid(*stable, group_, view.crypto))
    return accuse(Offence::invalid_certificate, from, {"", 0, stable->sequence, {}}, {stable}, false, out);
  if (stable->sequence <= executed_) {
    if (states_.contains(stable->sequence)) stabilise(view, stable, out);
    return;
  }
  if (!target_ || target_->sequence < stable->sequence) target_ = stable;
  if (fetching_) return;
  fetching_ = true;
  out.send(from, share(PbftFetch{.executed = executed_}));
}

void Pbft::on_fetch(AgentId from, const PbftFetch& fetch, Outbox& out) const {
  if (low() <= fetch.executed) return;
  out.send(from, share(PbftState{.stable = stable_,
                                 .state = states_.at(low()),
                                 .content = {static_cast<std::uint32_t>(state_bytes_.bytes)}}));
}

void Pbft::on_state(const View& view, AgentId from, const PbftState& answer, Outbox& out) {
  if (!answer.stable || !answer.state || answer.stable->sequence <= executed_) return;
  const PbftStablePtr& stable = answer.stable;
  if (!valid(*stable, group_, view.crypto) || answer.state->digest() != stable->digest)
    return accuse(Offence::invalid_certificate, from, {"", 0, stable->sequence, {}}, {stable}, false, out);
  service_.restore(*answer.state);
  executed_ = stable->sequence;
  heard_.executed(executed_);
  states_[executed_] = answer.state;
  stabilise(view, stable, out);
  execute_in_order(view, out);
}

}  // namespace conclave
