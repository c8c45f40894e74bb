// Recovery from loss: what was said once may have been heard by nobody. The TOCS paper, section 5.2 ("retransmission"),
// in short: a replica that makes no progress tells all others where it stands, and each of them sends again what it has
// said itself beyond that point.
//
//   stuck replica                              each other replica
//       |--- STATUS: view, executed, ... ----------->|
//       |<-- its votes for later slots --------------|
//       |<-- its VIEW-CHANGE, if a view is due ------|
//       |<-- its CHECKPOINTs not yet stable ---------|
//       |                                            | and f + 1 of them, others each time:
//       |<-- NEW-VIEW, pre-prepares, batches --------| what anyone can pass on, as it proves itself
//       |<-- the stable checkpoint's proof ----------| then FETCH and STATE (checkpoints.cpp)
//
// A primary that is stuck for as long as backups would wait gives up on its own view. The paper has no timer for it.
// But where up to f replicas have executed a slot and want no more, others have given up and f are silent, the primary
// can be the one that is missing to the f + 1 whom everybody follows.
//
// A replica that has nothing left to do is silent. It wakes up when it hears of a slot that it has not executed; a
// single liar cannot keep it awake, as it takes f + 1 replicas that speak of later slots to call it stuck.

#include <algorithm>

#include "core/quorum.hpp"
#include "protocols/consensus/pbft/replica.hpp"

namespace conclave {

namespace {

/// Slots that one STATUS brings again at most; progress brings the next ones.
constexpr std::uint64_t kSlotsAgainMax = 16;
/// Without progress the time between two STATUS doubles at most so often.
constexpr std::uint64_t kDoublingsMax = 4;

}  // namespace

void Pbft::note_heard(std::uint32_t rank, std::uint64_t sequence) {
  heard_.note(rank, n_, sequence);
  heard_most_ = std::max(heard_most_, sequence);
}

/// The resend timer has fired. If nothing has moved since it was set, asks for what is missing.
void Pbft::resend(const View& view, Outbox& out) {
  resending_ = false;
  if (!stuck()) {
    heard_most_ = 0;  // lies, or all done
    return;
  }
  const std::pair position{view_, executed_};
  fetching_ = false;
  if (position != progress_) {
    progressed(view);
  } else if (leads(view) && service_.waiting() && view.now - progressed_at_ >= patience()) {
    give_up(view, out);
    progressed(view);
  } else {
    if (!active_) out.broadcast(view.peers, changes_[view.peers.rank(view.self)]);
    tell_status(view, out);
    attempt_++;
  }
  resending_ = true;
  out.set_timer({kResendTimer}, resend_ * (std::int64_t{1} << std::min(attempt_, kDoublingsMax)));
}

/// The view has changed, a slot has been executed, or there is something to do again.
void Pbft::progressed(const View& view) {
  attempt_ = 0;
  progress_ = {view_, executed_};
  progressed_at_ = view.now;
}

bool Pbft::stuck() const {
  if (!active_ || target_ || service_.waiting() || accepted_ > executed_) return true;
  return heard_.beyond(executed_) >= honest_witness(f_);
}

void Pbft::tell_status(const View& view, Outbox& out) {
  PbftStatus status{.view = view_,
                    .active = active_,
                    .stable = low(),
                    .executed = executed_,
                    .highest = std::max(accepted_, executed_),
                    .attempt = attempt_};
  for (const auto& [sequence, slot] : slots_) {
    if (sequence <= executed_ || (!slot.decided && !slot.proposal)) continue;
    if (status.missing.size() == kSlotsAgainMax) break;
    const Digest& digest = slot.decided ? *slot.decided : slot.proposal->digest;
    if (!slot.find_batch(digest)) status.missing.push_back({sequence, digest});
  }
  out.broadcast(view.peers, share(std::move(status)));
}

void Pbft::on_status(const View& view, AgentId from, const PbftStatus& status, Outbox& out) {
  note_heard(view.peers.rank(from), status.highest);
  // What everyone has need not come from everyone: f + 1 at a time, one of them honest, take turns.
  const std::uint64_t distance = (view.peers.rank(view.self) + n_ - view.peers.rank(from) - 1) % n_;
  const std::uint64_t turns = honest_witness(f_);
  const bool my_turn = (distance + n_ - status.attempt * turns % n_) % n_ < turns;

  if (status.view < view_ || (status.view == view_ && !status.active)) send_view_again(view, from, my_turn, out);
  if (status.executed < low() && my_turn) out.send(from, stable_);
  for (const auto& [sequence, votes] : checkpoints_)
    if (const auto& own = votes.of(view.peers.rank(view.self)); own && sequence > status.stable) out.send(from, own);
  if (status.view == view_ && active_ && status.active) send_slots_again(view, from, status, my_turn, out);
  std::uint64_t sent = 0;
  for (const PbftStatus::Missing& missing : status.missing) {
    const auto slot = slots_.find(missing.sequence);
    if (!my_turn || slot == slots_.end() || sent++ == kSlotsAgainMax) continue;
    if (const BatchPtr batch = slot->second.find_batch(missing.digest))
      out.send(from, share(PbftContent{.sequence = missing.sequence, .batch = batch}));
  }
}

/// To a replica that waits for this view, or has not heard of it.
void Pbft::send_view_again(const View& view, AgentId to, bool my_turn, Outbox& out) const {
  if (!active_) {
    out.send(to, changes_.at(view.peers.rank(view.self)));
  } else if (new_view_ && (my_turn || primary() == view.self)) {
    out.send(to, new_view_);
  }
}

void Pbft::send_slots_again(const View& view, AgentId to, const PbftStatus& status, bool my_turn, Outbox& out) {
  const std::uint32_t self = view.peers.rank(view.self);
  const std::uint64_t first = std::max(status.executed, low()) + 1;
  for (auto entry = slots_.lower_bound(first); entry != slots_.end() && entry->first < first + kSlotsAgainMax;
       ++entry) {
    const PbftSlot& slot = entry->second;
    const BatchPtr batch = slot.proposal ? slot.find_batch(slot.proposal->digest) : nullptr;
    if (batch && (my_turn || leads(view)))
      out.send(to, share(PbftPrePrepare{.proposal = slot.proposal, .batch = batch}));
    if (const auto& prepare = slot.prepares.of(self)) out.send(to, prepare);
    if (slot.own_commit) out.send(to, on_the_wire(slot.own_commit, 1, out));
  }
}

/// A batch that was asked for by its digest, so it needs no signature.
void Pbft::on_content(const View& view, const PbftContent& content, Outbox& out) {
  const auto found = slots_.find(content.sequence);
  if (found == slots_.end() || !content.batch || !content.batch->complete()) return;
  PbftSlot& slot = found->second;
  const Digest digest = content.batch->digest();
  const bool wanted = slot.decided ? *slot.decided == digest : slot.proposal && slot.proposal->digest == digest;
  if (!wanted || slot.find_batch(digest)) return;
  slot.keep(content.batch);
  execute_in_order(view, out);
}

}  // namespace conclave
