// PBFT, the normal case: Castro and Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999, section 4.2.
//
// n >= 3f + 1 replicas execute the same requests in the same order although f of them may do anything. In view v the
// replica v mod n is the primary; the others are backups.
//
//   client     primary                backups
//     | request   |                      |
//     |---------->| gives it sequence n  |
//     |           |---- pre-prepare ---->| accept, if nothing else was accepted for (v, n)
//     |           |<----- prepare ------>| all to all: "I accepted digest d for (v, n)"
//     |           |                      | prepared: the proposal and a quorum that stands behind it
//     |           |<----- commit ------->| all to all: "I am prepared"
//     |           |                      | committed: prepared, and a quorum that is prepared
//     |<-------- reply ------------------| execute in order of n, answer; the client believes f + 1 equal answers
//
// Why two rounds of votes. Two quorums share an honest replica, and an honest replica accepts one digest for (v, n): so
// no two replicas can be *prepared* for different digests in one view. The second round makes sure that enough replicas
// know it that a later view cannot forget it. The primary's pre-prepare counts as its prepare.
//
// Messages of one request, without faults: n - 1 pre-prepares, (n - 1)^2 prepares, n (n - 1) commits, n replies.
//
// This file assumes a primary that lives: view changes, checkpoints and watermarks are not here yet.

#include <fmt/core.h>

#include <map>
#include <optional>
#include <vector>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/pbft_messages.hpp"

namespace conclave {
namespace {

class Pbft final : public Protocol {
 public:
  struct Options {
    std::optional<std::uint32_t> f;
    static const ParamTable& params() {
      static const auto table = Params<Options>().add(
          "f", &Options::f, "Byzantine replicas to bear; as many as the group can, (n - 1) / 3, if not given");
      return table;
    }
  };

  Pbft(const Options& options, const Deployment& deployment)
      : n_(deployment.group.agents.count), quorum_(byzantine_quorum(n_, options.f.value_or(most_faulty(n_)))) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    const std::uint32_t n = deployment.group.agents.count;
    if (!options.f || *options.f <= most_faulty(n)) return;
    const Value* f = written.find("f");
    diagnostics.error(
        f ? f->at : written.at, fmt::format("{} replicas cannot bear f = {} Byzantine ones", n, *options.f),
        fmt::format("n >= 3f + 1: use count {} or more, or f {} or less", least_replicas(*options.f), most_faulty(n)));
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(input, [&](const Message& message) {
      dispatch<PbftPrepare, PbftCommit, PbftPrePrepare, ClientRequest>(
          *message.body, Overload{
                             [&](const PbftPrepare& prepare) { on_prepare(view, message.from, prepare, out); },
                             [&](const PbftCommit& commit) { on_commit(view, message.from, commit, out); },
                             [&](const PbftPrePrepare& proposal) { on_pre_prepare(view, message.from, proposal, out); },
                             [&](const ClientRequest&) {
                               on_request(view, std::static_pointer_cast<const ClientRequest>(message.body), out);
                             },
                         });
    });
  }

 private:
  /// What has been heard of one sequence number in the current view.
  struct Slot {
    /// The votes for one digest. More than one ballot means that somebody lies.
    struct Ballot {
      Digest digest;
      VoteSet prepares;
      VoteSet commits;
    };

    ClientRequestPtr request;  ///< of the accepted proposal
    Digest digest;
    VoteSet prepared_by;   ///< whose prepare has been counted, for whichever digest
    VoteSet committed_by;  ///< likewise
    std::vector<Ballot> ballots;
    bool prepared = false;
    bool committed = false;

    Ballot& ballot(const Digest& wanted) {
      for (Ballot& known : ballots)
        if (known.digest == wanted) return known;
      return ballots.emplace_back(Ballot{wanted, {}, {}});
    }
  };

  /// What is remembered of a client: its last executed request and the answer, for when it asks again.
  struct Client {
    std::uint64_t proposed = 0;  ///< highest number that the primary has given a sequence number
    std::uint64_t executed = 0;
    std::shared_ptr<const ClientReply> reply;
  };

  AgentId primary(const View& view) const { return view.peers[view_ % n_]; }

  // Request: the primary proposes what is new; an answer already given is given again.

  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) {
    if (!view.crypto.verify(*request, request->client)) return;
    Client& client = clients_[request->client];
    if (request->number <= client.executed) {
      if (client.reply && client.reply->number == request->number) out.send(request->client, client.reply);
      return;
    }
    if (view.self != primary(view)) return out.send(primary(view), request);
    if (request->number <= client.proposed) return;
    client.proposed = request->number;
    propose(view, request, out);
  }

  void propose(const View& view, const ClientRequestPtr& request, Outbox& out) {
    const std::uint64_t sequence = ++last_proposed_;
    const Digest digest = request->digest();
    out.emit(Proposed{.view = view_, .sequence = sequence, .digest = digest});
    out.broadcast(view.peers, view.crypto.sign(PbftPrePrepare{
                                  .view = view_, .sequence = sequence, .digest = digest, .request = request}));
    accept(view, sequence, digest, request, out);
  }

  // Pre-prepare: a backup accepts one proposal for (v, n), and says so.

  void on_pre_prepare(const View& view, AgentId from, const PbftPrePrepare& proposal, Outbox& out) {
    if (proposal.view != view_ || from != primary(view) || from == view.self) return;
    if (!proposal.request || proposal.sequence == 0 || accepted(proposal.sequence)) return;
    if (!view.crypto.verify(proposal, from)) return;
    if (!view.crypto.verify(*proposal.request, proposal.request->client)) return;
    if (proposal.request->digest() != proposal.digest) return;
    out.broadcast(view.peers, view.crypto.sign(PbftPrepare{
                                  .view = view_, .sequence = proposal.sequence, .digest = proposal.digest}));
    count_prepare(view, view.self, proposal.sequence, proposal.digest, out);
    accept(view, proposal.sequence, proposal.digest, proposal.request, out);
  }

  bool accepted(std::uint64_t sequence) const {
    const auto slot = slots_.find(sequence);
    return slot != slots_.end() && slot->second.request;
  }

  void accept(const View& view, std::uint64_t sequence, const Digest& digest, const ClientRequestPtr& request,
              Outbox& out) {
    Slot& slot = slots_[sequence];
    slot.request = request;
    slot.digest = digest;
    count_prepare(view, primary(view), sequence, digest, out);  // proposing is preparing
  }

  // Prepare: a quorum behind the accepted digest makes it prepared.

  void on_prepare(const View& view, AgentId from, const PbftPrepare& prepare, Outbox& out) {
    if (prepare.view != view_ || !view.peers.contains(from) || from == primary(view)) return;
    if (!view.crypto.verify(prepare, from)) return;
    count_prepare(view, from, prepare.sequence, prepare.digest, out);
  }

  void count_prepare(const View& view, AgentId voter, std::uint64_t sequence, const Digest& digest, Outbox& out) {
    Slot& slot = slots_[sequence];
    const std::uint32_t rank = view.peers.rank(voter);
    if (slot.prepared_by.add(rank, n_)) slot.ballot(digest).prepares.add(rank, n_);
    if (slot.prepared || !slot.request || slot.ballot(slot.digest).prepares.count() < quorum_) return;
    slot.prepared = true;
    out.broadcast(view.peers, view.crypto.sign(PbftCommit{.view = view_, .sequence = sequence, .digest = slot.digest}));
    count_commit(view, view.self, sequence, slot.digest, out);
  }

  // Commit: prepared, and a quorum that is. Nothing can change the slot any more.

  void on_commit(const View& view, AgentId from, const PbftCommit& commit, Outbox& out) {
    if (commit.view != view_ || !view.peers.contains(from)) return;
    if (!view.crypto.verify(commit, from)) return;
    count_commit(view, from, commit.sequence, commit.digest, out);
  }

  void count_commit(const View& view, AgentId voter, std::uint64_t sequence, const Digest& digest, Outbox& out) {
    Slot& slot = slots_[sequence];
    const std::uint32_t rank = view.peers.rank(voter);
    if (slot.committed_by.add(rank, n_)) slot.ballot(digest).commits.add(rank, n_);
    if (slot.committed || !slot.prepared || slot.ballot(slot.digest).commits.count() < quorum_) return;
    slot.committed = true;
    out.emit(Decided{.view = view_, .sequence = sequence, .digest = slot.digest});
    execute_in_order(view, out);
  }

  // Execute: committed slots in the order of their numbers, each request of a client once.

  void execute_in_order(const View& view, Outbox& out) {
    for (auto slot = slots_.find(executed_ + 1); slot != slots_.end() && slot->second.committed;
         slot = slots_.find(executed_ + 1)) {
      executed_++;
      execute(view, executed_, slot->second, out);
    }
  }

  void execute(const View& view, std::uint64_t sequence, const Slot& slot, Outbox& out) {
    const ClientRequest& request = *slot.request;
    Client& client = clients_[request.client];
    if (request.number <= client.executed) return;  // ordered twice, executed once
    // The state is the history of what was executed: equal results mean equal histories.
    state_ = Digest::of(std::string(state_.bytes.begin(), state_.bytes.end()) +
                        std::string(slot.digest.bytes.begin(), slot.digest.bytes.end()));
    client.executed = request.number;
    client.reply = view.crypto.sign(
        ClientReply{.view = view_, .number = request.number, .client = request.client, .result = state_});
    out.emit(Executed{.sequence = sequence,
                      .client = request.client,
                      .request = request.number,
                      .digest = slot.digest,
                      .request_digest = slot.digest});
    out.send(request.client, client.reply);
  }

  const std::uint32_t n_;
  const std::uint32_t quorum_;
  std::uint64_t view_ = 0;
  std::uint64_t last_proposed_ = 0;
  std::uint64_t executed_ = 0;  ///< every slot up to here has been executed
  Digest state_;
  std::map<std::uint64_t, Slot> slots_;
  std::map<AgentId, Client> clients_;
};

const bool registered =
    ProtocolCatalog::add<Pbft>({.name = "pbft",
                                .family = "consensus",
                                .summary = "Practical Byzantine Fault Tolerance, the normal case (OSDI 1999)"});

}  // namespace
}  // namespace conclave
