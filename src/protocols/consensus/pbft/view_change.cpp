// View changes: section 4.4 of the paper.
//
//   replica i                    primary of v + 1                      backups
//      |                               |                                  |
//      | gives up on v                 |                                  |
//      |--- VIEW-CHANGE, to all ------>|                                  |
//      |     C: its stable checkpoint  | has a quorum V of them           |
//      |     P: certificates of slots  |                                  |
//      |        prepared above it      |--- NEW-VIEW: V, O -------------->| recompute O from V
//      |                               |                                  | prepare every proposal of O
//
// O proposes anew, in view v + 1, each slot from the latest stable checkpoint in V to the last prepared one in V: the
// digest that was prepared in the highest view, or the null batch where V knows of none.
//
// Why nothing decided is lost. A decision needs f + 1 honest replicas that are prepared. V is a quorum, so one of them
// is in it, and brings the certificate, unless the slot lies below a stable checkpoint. A certificate of a higher view
// cannot name another digest: its view began with an O that held the decided one. And nobody needs to trust the new
// primary, as V proves O.
//
// Why it comes to an end. A replica waits for NEW-VIEW only once a quorum has given up as well, and each view gets
// twice the time of the one before; f + 1 replicas in higher views, one of which is honest, pull the others along. A
// replica that has given up votes no more in the old view: with its VIEW-CHANGE it has said all that it did there.

#include <algorithm>

#include "core/quorum.hpp"
#include "protocols/consensus/pbft/accusations.hpp"

namespace conclave {

namespace {

/// The patience of a view doubles at most so often.
constexpr std::uint32_t kDoublingsMax = 6;
/// Messages of later views that are kept for each replica until the view is entered. Beyond that they are lost, which
/// resend() mends.
constexpr std::uint32_t kHeldMax = 64;

}  // namespace

Duration Pbft::patience() const {
  return view_timeout_ * (std::int64_t{1} << std::min(given_up_, kDoublingsMax));
}

/// The view timer has fired: a request has waited too long, or NEW-VIEW has not come.
void Pbft::give_up(const View& view, Outbox& out) {
  const auto slot = slots_.find(executed_ + 1);
  const bool proposed = slot != slots_.end() && slot->second.proposal;
  const char* phase = !active_ ? "new_view" : !proposed ? "pre_prepare" : slot->second.prepared ? "commit" : "prepare";
  out.emit(PhaseTimedOut{.phase = phase, .view = view_, .sequence = executed_ + 1});
  change_view(view, view_ + 1, out);
}

/// Gives up on all views before `next`, and says what it did in them.
void Pbft::change_view(const View& view, std::uint64_t next, Outbox& out) {
  leave_view(view);
  given_up_ += static_cast<std::uint32_t>(std::min<std::uint64_t>(next - view_, kDoublingsMax));
  view_ = next;
  active_ = false;
  new_view_due_ = false;
  awaited_.reset();
  out.cancel_timer({kViewTimer});
  if (batch_timer_) out.cancel_timer({kBatchTimer});
  batch_timer_ = batch_due_ = false;
  PbftViewChange change{.view = next, .stable = stable_};
  for (const auto& [sequence, slot] : slots_)
    if (slot.certificate) change.prepared.push_back(slot.certificate);
  const PbftViewChangePtr signed_change = view.crypto.sign(std::move(change));
  changes_[view.peers.rank(view.self)] = signed_change;
  out.emit(ViewEntered{.view = next, .leader = kNobody});
  out.broadcast(view.peers, signed_change);
  count_view_changes(view, out);
}

/// Turns the votes of the view into certificates, which is all that later views need to know of it.
void Pbft::leave_view(const View& view) {
  for (auto& [sequence, slot] : slots_) {
    if (slot.prepared) {
      PbftPrepared certificate{.proposal = slot.proposal};
      certificate.prepares = view.crypto.prove(view.peers, slot.prepares.votes(slot.proposal->digest), ProofForm::list);
      slot.certificate = share(std::move(certificate));
    }
    slot.leave_view();
  }
  accepted_ = 0;
}

void Pbft::on_view_change(const View& view, AgentId from, const RecordPtr& body, Outbox& out) {
  const auto change = std::static_pointer_cast<const PbftViewChange>(body);
  if (change->view < view_ || (change->view == view_ && active_)) {
    if (leads(view) && new_view_) out.send(from, new_view_);  // it has missed that
    return;
  }
  if (!authentic(view, from, *change, body, out)) return;
  PbftViewChangePtr& latest = changes_[view.peers.rank(from)];
  if (latest && latest->view >= change->view) {
    if (latest->view == change->view && latest->pledge().content != change->pledge().content)
      accuse_of_two(from, latest, change, out);
    return;
  }
  if (!valid(*change, group_, view.crypto))
    return accuse(Offence::invalid_certificate, from, change->pledge(), {body}, true, out);
  latest = change;
  join_others(view, out);
  count_view_changes(view, out);
}

/// One honest replica has given up on this view when f + 1 have: enough to follow, to the lowest of their views.
void Pbft::join_others(const View& view, Outbox& out) {
  std::vector<std::uint64_t> later;
  for (const auto& [rank, change] : changes_)
    if (change && change->view > view_) later.push_back(change->view);
  if (later.size() < honest_witness(f_)) return;
  change_view(view, *std::min_element(later.begin(), later.end()), out);
}

/// A quorum for the view that this replica waits for: its primary begins it, the others start to wait. Who wants a
/// later view has given up on this one as well, and counts for the waiting: its message for this one may have been
/// lost, and it says no more than its latest. Were it not counted, nobody here would ever time out and follow.
void Pbft::count_view_changes(const View& view, Outbox& out) {
  if (active_) return;
  std::vector<PbftViewChangePtr> quorum;
  std::uint32_t given_up = 0;
  for (const auto& [rank, change] : changes_) {
    given_up += change && change->view >= view_;
    if (change && change->view == view_ && quorum.size() < group_.quorum) quorum.push_back(change);
  }
  if (primary() == view.self && quorum.size() == group_.quorum) return make_new_view(view, std::move(quorum), out);
  if (given_up < group_.quorum || new_view_due_) return;
  new_view_due_ = true;
  out.set_timer({kViewTimer}, patience());
}

void Pbft::make_new_view(const View& view, std::vector<PbftViewChangePtr> changes, Outbox& out) {
  const PbftObligation obliged = obligation(changes);
  PbftNewView news{.view = view_, .view_changes = std::move(changes)};
  for (const Digest& digest : obliged.digests) {
    const std::uint64_t sequence = obliged.first() + news.proposals.size();
    news.proposals.push_back(view.crypto.sign(PbftProposal{.view = view_, .sequence = sequence, .digest = digest}));
    news.proposals.back()->books.open(digest, n_);
  }
  const PbftNewViewPtr signed_news = view.crypto.sign(std::move(news));
  out.broadcast(view.peers, signed_news);
  enter_view(view, signed_news, out);
}

void Pbft::on_new_view(const View& view, AgentId from, const RecordPtr& body, Outbox& out) {
  const auto news = std::static_pointer_cast<const PbftNewView>(body);
  if (news->view < view_ || (news->view == view_ && active_)) {
    if (news->view == view_ && new_view_ && news->signature.signer == primary() &&
        news->pledge().content != new_view_->pledge().content && view.crypto.verify(*news, primary()))
      accuse_of_two(primary(), new_view_, news, out);
    return;
  }
  const AgentId leader = group_.primary(news->view);
  if (!view.crypto.verify(*news, leader))
    return accuse(Offence::invalid_signature, from, {"", news->view, 0, {}}, {body}, false, out);
  if (!valid(*news, group_, view.crypto))
    return accuse(Offence::invalid_certificate, leader, news->pledge(), {body}, true, out);
  leave_view(view);
  enter_view(view, news, out);
}

/// Requires a valid NEW-VIEW and that the view before has been left.
void Pbft::enter_view(const View& view, const PbftNewViewPtr& news, Outbox& out) {
  view_ = news->view;
  active_ = true;
  new_view_ = news;
  new_view_due_ = false;
  awaited_.reset();
  out.cancel_timer({kViewTimer});
  out.emit(ViewEntered{.view = view_, .leader = primary()});
  const PbftObligation obliged = obligation(news->view_changes);
  for (const PbftViewChangePtr& change : news->view_changes)
    if (obliged.stable && change->stable == obliged.stable && obliged.stable->sequence > low())
      on_stable(view, change->signature.signer, obliged.stable, out);
  cursor_ = 0;
  under_way_.clear();
  proposed_ = std::max(low(), obliged.first() - 1 + obliged.digests.size());
  for (const PbftProposalPtr& proposal : news->proposals) {
    if (leads(view)) say_proposed(*proposal, out);
    PbftSlot* slot = slot_at(proposal->sequence);
    if (!slot) continue;  // beyond the window of a replica that has fallen behind, or stable since
    const bool nothing = proposal->digest == null_batch()->digest();
    const BatchPtr batch = nothing ? null_batch() : slot->find_batch(proposal->digest);
    if (batch)
      for (const ClientRequestPtr& request : batch->requests) under_way_.emplace(request->client, request->number);
    accept(view, proposal, batch, out);
  }
  release(view, out);
}

// Messages of a view that this replica has not entered are held until it has.

void Pbft::hold(AgentId from, const RecordPtr& body, std::uint64_t view_wanted) {
  std::uint32_t& held = holds_[group_.replicas.rank(from)];
  if (held == kHeldMax) return;
  held++;
  held_.push_back({from, view_wanted, body});
  note_heard(group_.replicas.rank(from), executed_ + 1);  // there is something to catch up with
}

void Pbft::release(const View& view, Outbox& out) {
  std::vector<Held> all = std::move(held_);
  held_.clear();
  holds_.clear();
  for (const Held& message : all)
    if (message.view >= view_) hear_replica(view, Message{message.from, message.body}, out);
}

}  // namespace conclave
