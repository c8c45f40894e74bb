// Chained HotStuff: Yin, Malkhi, Reiter, Golan Gueta, Abraham, "HotStuff: BFT consensus with linearity and
// responsiveness", PODC 2019, algorithms 4 (safety) and 5 (the pacemaker's part). Names are the paper's.
//
// n >= 3f + 1 replicas grow a chain of blocks although f of them may do anything. In each view a leader proposes a
// block that carries a certificate of its parent, the votes of n - f replicas. Votes go to the next leader alone, who
// makes the next certificate of them. So every view is the same two steps, and each certificate serves four blocks at
// once:
//
//   view 1            view 2            view 3            view 4
//   b <---------------b' <--------------b'' <-------------b*          <--- certificate, and link to the parent
//   |                 |                 |                 |
//   votes for b       certifies b       certifies b'      certifies b''
//                                       b' is the lock    b is committed, as its views and b', b'' follow each other
//
// Why it is safe. A replica votes once in a view, and two quorums share an honest replica, so a view certifies at most
// one block. When b, b', b'' have certificates in consecutive views, n - f replicas had seen the certificate of b' when
// they voted for b'': they are locked on b. A block of a later view that conflicts with b needs one of them to vote,
// and it will not: its vote needs a block that extends its lock, or a certificate of a view above its lock; the first
// such certificate would itself need that vote. Without consecutive views another branch could have been certified in
// the gap.
//
// Why it is live. What a replica is locked on, n - f have seen certified. So a leader that has heard n - f replicas
// knows a certificate as high as any honest lock, and its block gets every honest vote, if the view lasts long enough.
//
// Here as in DiemBFT, a block's parent is the block that it certifies, so parent links are certificate links, and the
// paper's dummy nodes are gaps between the views of parent and child. A leader without requests rests; one with a
// request proposes on, empty blocks if need be, until the others know that it is committed.
//
// Messages without faults: n - 1 proposals and n - 1 votes per view. A single request takes four views, 8 (n - 1), and
// is decided 7 message delays after its proposal; under load each block costs 2 (n - 1).

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/accusations.hpp"
#include "protocols/consensus/hotstuff_messages.hpp"
#include "protocols/consensus/hotstuff_options.hpp"
#include "protocols/consensus/hotstuff_pacemaker.hpp"
#include "protocols/consensus/hotstuff_short.hpp"
#include "protocols/consensus/hotstuff_tree.hpp"
#include "protocols/consensus/hotstuff_votes.hpp"
#include "protocols/consensus/resilience.hpp"
#include "protocols/consensus/service.hpp"

namespace conclave {
namespace {

/// Votes for views so far above the own one are not kept: whoever lies may send no more than this.
constexpr std::uint64_t kVotesAheadMax = 16;
/// Blocks in one answer to a replica that has fallen behind.
constexpr std::size_t kBlocksPerAnswer = 64;
/// Signed blocks that are remembered, one a view, to catch a leader that signs two.
constexpr std::size_t kProposalsKept = 256;

class HotStuff final : public Protocol {
 public:
  using Options = HotStuffOptions;

  HotStuff(const Options& options, const Deployment& deployment)
      : n_(deployment.group.agents.count),
        f_(options.f.value_or(most_faulty(n_))),
        quorum_(byzantine_quorum(n_, f_)),
        timeout_(options.timeout),
        batch_max_(options.batch),
        form_(options.certificates),
        proposals_short_(options.proposals == ProposalForm::digests),
        context_(options.context.make(deployment)),
        tree_(options.history),
        pacemaker_(n_, options.reign, options.timeout, options.timeout_max),
        votes_(n_),
        service_(options.reply) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    check_resilience(options.f, deployment, written, diagnostics);
    options.context.check(deployment, diagnostics);
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Start&) { announce_view(view, out); },
        [&](const Message& message) { hear(view, message, out); },
        [&](const TimerFired& timer) {
          if (timer.key.name == kFetchTimer) return ask_next(view, out);
          if (timer.key.name == kAwaitTimer)
            return awaited_ ? fetch(awaited_->proposal().name(), awaited_->from(), out) : void();
          timer_running_ = false;
          give_up(view, out);
        },
        [&](const Restarted&) {  // what was promised is kept: voted_, locked_, high_
          timer_running_ = false;
          fetch_.reset();
          awaited_.reset();
        });
    while (leads_with_work(view)) propose(view, out);
    for (const Effect& answer : answers_.effects()) out.put(answer);  // clients can wait, the next view cannot
    answers_.clear();
    keep_time(out);
  }

 private:
  enum Timer : std::uint32_t { kViewTimer, kFetchTimer, kAwaitTimer };

  struct Fetch {
    BlockName wanted;
    AgentId asked;
    std::uint32_t asked_count;
  };

  void hear(const View& view, const Message& message, Outbox& out) {
    if (message.body->as<ClientRequest>()) {
      return on_request(view, std::static_pointer_cast<const ClientRequest>(message.body), out);
    }
    const AgentId from = message.from;
    if (!view.peers.contains(from)) return;
    dispatch<HotStuffVote, HotStuffProposal, HotStuffShortProposal, HotStuffNewView, HotStuffFetch, HotStuffBlocks>(
        *message.body,
        Overload{
            [&](const HotStuffVote&) {
              on_vote(view, from, std::static_pointer_cast<const HotStuffVote>(message.body), out);
            },
            [&](const HotStuffProposal& proposal) { on_proposal(view, from, proposal, out); },
            [&](const HotStuffShortProposal&) {
              on_short_proposal(view, from, std::static_pointer_cast<const HotStuffShortProposal>(message.body), out);
            },
            [&](const HotStuffNewView& news) { on_new_view(view, from, news, out); },
            [&](const HotStuffFetch& fetch) {
              out.send(from, share(HotStuffBlocks{.blocks = tree_.serve(fetch.block, fetch.above, kBlocksPerAnswer)}));
            },
            [&](const HotStuffBlocks& answer) { on_blocks(view, from, answer, out); },
        });
  }

  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) {
    if (!refusal(context_, *request).empty()) return;
    if (service_.admit(view, request, out) != Service::Admission::kept) return;
    if (awaited_ && awaited_->note(request->digest())) complete_awaited(view, out);
  }

  AgentId leader(const View& view, std::uint64_t number) const { return view.peers[pacemaker_.leader(number)]; }

  // Propose: a block on top of the highest certificate (createLeaf, onPropose).

  bool leads_with_work(const View& view) const {
    return leader(view, pacemaker_.view()) == view.self && proposed_ < pacemaker_.view() && tree_.find(high_->block) &&
           (service_.waiting() || untold_ > 0);
  }

  void propose(const View& view, Outbox& out) {
    std::set<RequestName> under_way;
    for (const HotStuffBlockPtr& block : tree_.path(high_->block))
      for (const ClientRequestPtr& request : block->batch->requests)
        under_way.emplace(request->client, request->number);
    proposed_ = pacemaker_.view();
    const HotStuffBlockPtr block =
        view.crypto.sign(HotStuffBlock{.view = proposed_,
                                       .height = high_->block.height + 1,
                                       .justify = high_,
                                       .batch = share(Batch{.requests = service_.batch(batch_max_, under_way)})});
    const BlockName name = block->name();
    out.emit(Proposed{.view = block->view, .sequence = name.height, .digest = name.digest});
    out.broadcast(view.peers, proposals_short_ ? RecordPtr(shortened(*block, pacemaker_.after()))
                                               : share(HotStuffProposal{.block = block, .after = pacemaker_.after()}));
    accept(view, name, block, out);
  }

  // Vote: once in a view, and only for what the lock allows (onReceiveProposal).

  void on_proposal(const View& view, AgentId from, const HotStuffProposal& proposal, Outbox& out) {
    const HotStuffBlockPtr& block = proposal.block;
    if (!block || !view.crypto.verify(*block, from)) return;
    if (!block->well_formed()) return accuse(from, Offence::invalid_proposal, *block, {block}, true, out);
    // Who leads is known to those who know the length of a reign.
    if (from != leader(view, block->view)) return accuse(from, Offence::bad_view, *block, {block}, false, out);
    const BlockName name = block->name();
    if (!is_only_proposal(from, name, block, out)) return;
    if (!learn(view, block->justify, from, out))
      return accuse(from, Offence::invalid_certificate, *block, {block}, true, out);
    enter_after(view, proposal.after, out);
    if (block->view != pacemaker_.view()) return;
    if (tree_.find(block->justify->block)) return accept(view, name, block, out);
    orphan_ = block;  // learn() has asked for its ancestors
  }

  // A short proposal waits for requests that are on their way from the clients, but not for ever: then it is fetched.

  void on_short_proposal(const View& view, AgentId from, const std::shared_ptr<const HotStuffShortProposal>& proposal,
                         Outbox& out) {
    if (!proposal->justify || proposal->view < pacemaker_.view() || from != leader(view, proposal->view)) return;
    if (proposal->requests.size() > batch_max_ || !learn(view, proposal->justify, from, out)) return;
    enter_after(view, proposal->after, out);
    awaited_.emplace(from, proposal, service_);
    if (awaited_->complete()) return complete_awaited(view, out);
    out.set_timer({kAwaitTimer}, pacemaker_.patience() / 4);
  }

  void complete_awaited(const View& view, Outbox& out) {
    const HotStuffAwaited awaited = *std::exchange(awaited_, std::nullopt);
    out.cancel_timer({kAwaitTimer});
    if (const HotStuffBlockPtr block = awaited.block(service_))
      on_proposal(view, awaited.from(), {.block = block, .after = awaited.proposal().after}, out);
  }

  void accept(const View& view, const BlockName& name, const HotStuffBlockPtr& block, Outbox& out) {
    if (!sound(view, name, block, out)) return;
    for (const ClientRequestPtr& request : block->batch->requests) service_.keep(request);
    tree_.insert(name, block, high_->block);
    if (block->justify->view >= untold_) untold_ = 0;
    if (block->view <= voted_) return;
    if (!tree_.extends(name, locked_) && block->justify->view <= locked_view_)
      return refuse(view, *block, name, "conflicts with the lock", out);
    voted_ = block->view;
    out.emit(Voted{.phase = "generic", .view = voted_, .sequence = name.height, .digest = name.digest});
    const auto vote = view.crypto.sign(HotStuffVote{.view = voted_, .block = name});
    const AgentId collector = leader(view, voted_ + 1);
    collector == view.self ? on_vote(view, view.self, vote, out) : out.send(collector, vote);
  }

  /// True if its requests are what replicas are willing to order, and their clients' own.
  bool sound(const View& view, const BlockName& name, const HotStuffBlockPtr& block, Outbox& out) {
    const auto& requests = block->batch->requests;
    const bool signed_all = std::all_of(requests.begin(), requests.end(), [&](const ClientRequestPtr& request) {
      return service_.authentic(view, request);
    });
    std::string reason = !signed_all                    ? "a request that its client has not signed"
                         : requests.size() > batch_max_ ? "more requests than a block may hold"
                                                        : refusal(context_, *block->batch);
    if (reason.empty()) return true;
    refuse(view, *block, name, std::move(reason), out);
    accuse(leader(view, block->view), Offence::invalid_proposal, *block, {block}, !signed_all, out);
    return false;
  }

  void refuse(const View& view, const HotStuffBlock& block, const BlockName& name, std::string reason, Outbox& out) {
    out.emit(ProposalRefused{.proposer = leader(view, block.view),
                             .view = block.view,
                             .sequence = name.height,
                             .digest = name.digest,
                             .reason = std::move(reason)});
  }

  // Certify: n - f votes make a certificate (onReceiveVote).

  void on_vote(const View& view, AgentId from, const std::shared_ptr<const HotStuffVote>& vote, Outbox& out) {
    if (vote->view <= high_->view || vote->view > pacemaker_.view() + kVotesAheadMax) return;
    if (leader(view, vote->view + 1) != view.self || !view.crypto.verify(*vote, from)) return;
    const auto [votes, conflicting] = votes_.add(view.peers.rank(from), vote);
    if (conflicting)
      return accusations_.accuse(from, Offence::equivocation, vote->view, vote->block.height, {conflicting, vote}, true,
                                 out);
    if (!votes || votes->size() < quorum_) return;
    adopt(view,
          share(HotStuffCertificate{
              .view = vote->view, .block = vote->block, .proof = view.crypto.prove(view.peers, *votes, form_)}),
          from, out);
  }

  // Learn: a certificate tells the highest block, the view, the lock and what is committed (updateQCHigh, update).

  /// False if the certificate proves nothing. `from` knows the certified block if anyone does.
  bool learn(const View& view, const HotStuffCertificatePtr& certificate, AgentId from, Outbox& out) {
    if (certificate != high_ && !certificate->genesis()) {
      if (certificate->proof.count() < quorum_) return false;
      const HotStuffVote statement{.view = certificate->view, .block = certificate->block};
      if (!view.crypto.verify(*certificate, statement, view.peers, certificate->proof)) return false;
    }
    adopt(view, certificate, from, out);
    return true;
  }

  void adopt(const View& view, const HotStuffCertificatePtr& certificate, AgentId from, Outbox& out) {
    if (certificate->view > high_->view) {
      high_ = certificate;
      enter(view, high_->view + 1, nullptr, out);
    }
    update(view, *certificate, from, out);
    votes_.forget(high_->view);
  }

  void update(const View& view, const HotStuffCertificate& certificate, AgentId from, Outbox& out) {
    if (certificate.block.height < tree_.root().height) return;
    const HotStuffBlockPtr b2 = tree_.find(certificate.block);
    if (!b2) {
      if (certificate.view == high_->view) fetch(certificate.block, from, out);
      return;
    }
    if (certificate.view > certified_) {
      certified_ = certificate.view;
      out.emit(Certified{.phase = "generic",
                         .view = certificate.view,
                         .sequence = certificate.block.height,
                         .digest = certificate.block.digest,
                         .group_first = view.peers.first,
                         .voters = certificate.proof.voters});
    }
    const HotStuffBlockPtr b1 = tree_.find(b2->justify->block);
    if (!b1) return;  // committed long ago
    if (b1->view > locked_view_) {
      locked_view_ = b1->view;
      locked_ = b2->justify->block;
    }
    const HotStuffBlockPtr b0 = tree_.find(b1->justify->block);
    if (!b0 || b0->height <= tree_.root().height) return;
    if (b2->view == b1->view + 1 && b1->view == b0->view + 1) commit(view, b1->justify->block, certificate.view, out);
  }

  // Commit: a block and its ancestors, the lowest first (onCommit).

  void commit(const View& view, const BlockName& name, std::uint64_t known_by, Outbox& out) {
    for (const HotStuffBlockPtr& block : tree_.path(name)) {
      const Digest digest = block->name().digest;
      out.emit(Decided{.view = block->view, .sequence = block->height, .digest = digest});
      service_.execute(view, block->view, block->height, digest, block->batch->requests, answers_);
      if (!block->batch->requests.empty()) untold_ = known_by;
    }
    tree_.commit(name);
    pacemaker_.progressed();
  }

  // Views: a replica that waits for a request waits for each view so long, then gives up on it (onNextSyncView).

  void keep_time(Outbox& out) {
    if (service_.waiting() == timer_running_) return;
    timer_running_ = !timer_running_;
    timer_running_ ? out.set_timer({kViewTimer}, pacemaker_.patience()) : out.cancel_timer({kViewTimer});
  }

  void enter(const View& view, std::uint64_t number, const HotStuffTimeoutCertificatePtr& after, Outbox& out) {
    if (!pacemaker_.enter(number, after)) return;
    timeout_said_.reset();
    if (timer_running_) out.set_timer({kViewTimer}, pacemaker_.patience());
    announce_view(view, out);
  }

  void announce_view(const View& view, Outbox& out) const {
    out.emit(ViewEntered{.view = pacemaker_.view(), .leader = leader(view, pacemaker_.view())});
  }

  void enter_after(const View& view, const HotStuffTimeoutCertificatePtr& after, Outbox& out) {
    if (!after || after->view == 0 || pacemaker_.after_timeout(after->view) <= pacemaker_.view()) return;
    if (after->proof.count() < quorum_) return;
    if (!view.crypto.verify(*after, HotStuffTimeout{.view = after->view}, view.peers, after->proof)) return;
    enter(view, pacemaker_.after_timeout(after->view), after, out);
  }

  /// Tells all, again each time the timer fires: messages may have been lost.
  void give_up(const View& view, Outbox& out) {
    const std::uint64_t number = pacemaker_.view();
    if (!timeout_said_) {
      out.emit(PhaseTimedOut{.phase = "view", .view = number, .sequence = tree_.root().height + 1});
      timeout_said_ = view.crypto.sign(HotStuffTimeout{.view = number});
      voted_ = std::max(voted_, number);  // the certificate that it tells of is the highest it will have voted on
    }
    out.broadcast(view.peers, share(HotStuffNewView{.view = number,
                                                    .high = high_,
                                                    .after = pacemaker_.after(),
                                                    .timeout = timeout_said_,
                                                    .request = service_.oldest()}));
    count_timeout(view, view.self, timeout_said_, out);
  }

  void on_new_view(const View& view, AgentId from, const HotStuffNewView& news, Outbox& out) {
    if (news.request) on_request(view, news.request, out);
    if (!news.high || !learn(view, news.high, from, out)) return;
    enter_after(view, news.after, out);
    if (!news.timeout) return;
    if (news.high->view < high_->view || news.timeout->view < pacemaker_.view())
      out.send(from, share(HotStuffNewView{.view = pacemaker_.view(), .high = high_, .after = pacemaker_.after()}));
    if (news.timeout->view == pacemaker_.view() && view.crypto.verify(*news.timeout, from))
      count_timeout(view, from, news.timeout, out);
  }

  void count_timeout(const View& view, AgentId from, const std::shared_ptr<const HotStuffTimeout>& timeout,
                     Outbox& out) {
    if (!pacemaker_.add(view.peers.rank(from), timeout)) return;
    const auto& timeouts = pacemaker_.timeouts();
    if (timeouts.size() >= honest_witness(f_) && !timeout_said_) return give_up(view, out);  // counts itself
    if (timeouts.size() < quorum_) return;
    const std::uint64_t number = pacemaker_.view();
    enter(view, pacemaker_.after_timeout(number),
          share(HotStuffTimeoutCertificate{.view = number, .proof = view.crypto.prove(view.peers, timeouts, form_)}),
          out);
  }

  // Fetch: who misses a certified block asks for it and its ancestors, one peer after the other.

  void fetch(const BlockName& wanted, AgentId from, Outbox& out) {
    if (fetch_) return;
    fetch_ = Fetch{.wanted = wanted, .asked = from, .asked_count = 1};
    ask(out);
  }

  void ask(Outbox& out) {
    out.send(fetch_->asked, share(HotStuffFetch{.block = fetch_->wanted, .above = tree_.root().height}));
    out.set_timer({kFetchTimer}, timeout_);
  }

  void ask_next(const View& view, Outbox& out) {
    if (!fetch_) return;
    if (fetch_->asked_count++ == n_) {  // everyone was asked: the next certificate will ask again
      out.emit(PhaseTimedOut{.phase = "fetch", .view = pacemaker_.view(), .sequence = fetch_->wanted.height});
      fetch_.reset();
      return out.cancel_timer({kFetchTimer});
    }
    do fetch_->asked = view.peers[(view.peers.rank(fetch_->asked) + 1) % n_];
    while (fetch_->asked == view.self);
    ask(out);
  }

  void on_blocks(const View& view, AgentId from, const HotStuffBlocks& answer, Outbox& out) {
    if (!fetch_ || from != fetch_->asked || answer.blocks.size() > kBlocksPerAnswer) return;
    bool helped = false;
    for (const HotStuffBlockPtr& block : answer.blocks) {
      if (!block || !block->well_formed()) break;
      const BlockName name = block->name();
      if (block->height <= tree_.root().height || tree_.find(name)) continue;
      if (!view.crypto.verify(*block, leader(view, block->view)) || !learn(view, block->justify, from, out)) break;
      if (!tree_.find(block->justify->block)) break;
      tree_.insert(name, block, high_->block);
      helped = true;
    }
    const BlockName wanted = fetch_->wanted;
    if (!tree_.find(wanted) && wanted.height > tree_.root().height) return helped ? ask(out) : ask_next(view, out);
    fetch_.reset();
    out.cancel_timer({kFetchTimer});
    update(view, *high_, from, out);
    if (const HotStuffBlockPtr fetched = awaited_ ? tree_.find(awaited_->proposal().name()) : nullptr) {
      awaited_.reset();
      if (fetched->view == pacemaker_.view()) accept(view, fetched->name(), fetched, out);
    }
    const HotStuffBlockPtr orphan = std::exchange(orphan_, nullptr);
    if (orphan && orphan->view == pacemaker_.view() && tree_.find(orphan->justify->block))
      accept(view, orphan->name(), orphan, out);
  }

  // Accuse: with two statements, or a false one, that the accused has signed.

  /// False if this leader has signed another block for the view.
  bool is_only_proposal(AgentId from, const BlockName& name, const HotStuffBlockPtr& block, Outbox& out) {
    const auto [first, fresh] = proposals_.emplace(block->view, block);
    if (!fresh && first->second->name() != name) {
      accuse(from, Offence::equivocation, *block, {first->second, block}, true, out);
      return false;
    }
    if (proposals_.size() > kProposalsKept) proposals_.erase(proposals_.begin());
    return true;
  }

  void accuse(AgentId accused, Offence offence, const HotStuffBlock& block, std::vector<RecordPtr> evidence,
              bool transferable, Outbox& out) {
    accusations_.accuse(accused, offence, block.view, block.height, std::move(evidence), transferable, out);
  }

  const std::uint32_t n_;
  const std::uint32_t f_;
  const std::uint32_t quorum_;
  const Duration timeout_;
  const std::size_t batch_max_;
  const ProofForm form_;
  const bool proposals_short_;
  const std::shared_ptr<const DataContext> context_;

  // Safety.
  HotStuffTree tree_;
  std::uint64_t voted_ = 0;  ///< the paper's vheight: no vote in this view or below it
  BlockName locked_;         ///< the paper's b_lock
  std::uint64_t locked_view_ = 0;

  // Progress.
  HotStuffPacemaker pacemaker_;
  HotStuffCertificatePtr high_ = share(HotStuffCertificate{});  ///< the paper's qc_high; genesis
  std::uint64_t certified_ = 0;                                 ///< highest view whose certificate has been announced
  std::uint64_t proposed_ = 0;                                  ///< highest view in which it has proposed
  std::uint64_t untold_ = 0;  ///< view of the certificate that committed a request, until a block carries it
  HotStuffVotes votes_;
  std::shared_ptr<const HotStuffTimeout> timeout_said_;  ///< for the current view
  bool timer_running_ = false;
  Service service_;
  Outbox answers_;  ///< what the execution of this step wants

  // Those who are behind, and those who lie.
  std::optional<Fetch> fetch_;
  std::optional<HotStuffAwaited> awaited_;
  HotStuffBlockPtr orphan_;  ///< a proposal for the current view whose ancestors are being fetched
  std::map<std::uint64_t, HotStuffBlockPtr> proposals_;
  Accusations accusations_;
};

const bool registered = ProtocolCatalog::add<HotStuff>(
    {.name = "hotstuff", .family = "consensus", .summary = "chained HotStuff with a pacemaker (PODC 2019)"});

}  // namespace
}  // namespace conclave
