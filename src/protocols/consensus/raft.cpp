// Raft: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", USENIX ATC 2014, and Ongaro's
// thesis, "Consensus: Bridging Theory and Practice", 2014. The crash-fault baseline: replicas may stop and come back
// with what they had on disk, messages may be lost, doubled and reordered, but nobody lies. A majority must be up: n >=
// 2f + 1.
//
//   client     leader of term t        followers
//     | request   |                      |
//     |---------->| appends to its log   |
//     |           |--- append_entries -->| append, if the entry before is theirs too
//     |           |<------- reply -------|
//     |<-- reply -| committed by a majority: execute, answer
//     |           |--- append_entries -->| the next one, or a heartbeat, says what is committed: execute
//
// Time is cut into terms with at most one leader each. Who hears of no leader for an election timeout starts a term of
// its own and asks for votes; the timeouts are drawn at random, so that usually one is first. A replica has one vote a
// term and gives it to nobody whose log lacks what its own has.
//
// Why it is safe. Election Safety: two majorities share a replica, and that has one vote. Leader Completeness: what is
// committed is in the logs of a majority, and whoever wins an election has the vote of one of these, hence a log that
// is no worse. So every later leader has it, and no leader overwrites its own log. The argument needs that the entry
// which a majority holds is of the *leader's own term*: an older one may be overwritten though a majority has it
// (figure 8). So a leader counts only for its own entries, what stands before them is committed with them, and it
// begins its term with a no-op to have one.
//
// Messages of one request, without faults: n - 1 append_entries, n - 1 replies; two message delays until the leader
// decides, four until the client knows.
//
// Two options for networks in which not everyone hears everyone. `pre_vote` (thesis, section 9.6): before a replica
// starts a term it asks whether it could win, and who hears a leader says no; without it one replica that the leader
// cannot reach deposes it for ever. `check_quorum` (section 6.2): a leader that has not heard from a majority for an
// election timeout steps down; without it one that nobody can follow keeps others from looking for a better one.
//
// A follower passes requests on to the leader, or keeps them until it knows one. The log is kept whole: no snapshots.

#include <fmt/core.h>

#include <map>
#include <optional>
#include <vector>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/raft_follower.hpp"
#include "protocols/consensus/raft_log.hpp"
#include "protocols/consensus/raft_messages.hpp"

namespace conclave {
namespace {

class Raft final : public Protocol {
 public:
  struct Options {
    std::optional<std::uint32_t> f;
    Duration election_timeout = std::chrono::milliseconds(150);
    Duration election_spread = std::chrono::milliseconds(150);
    Duration heartbeat = std::chrono::milliseconds(50);
    std::uint32_t entries_per_append = 64;
    std::uint32_t entries_in_flight = 1024;
    bool pre_vote = false;
    bool check_quorum = false;
    static const ParamTable& params() {
      constexpr Duration kLeast = std::chrono::nanoseconds(1);
      static const auto table =
          Params<Options>()
              .add("f", &Options::f, "crashed replicas to bear; as many as the group can, (n - 1) / 2, if not given")
              .add("election_timeout", &Options::election_timeout,
                   "least time without a leader after which a replica wants to be one", {.least = kLeast})
              .add("election_spread", &Options::election_spread, "a timeout is longer by up to this, drawn each time")
              .add("heartbeat", &Options::heartbeat, "time between two signs of life of a leader", {.least = kLeast})
              .add("entries_per_append", &Options::entries_per_append, "log entries in one message", {.least = 1})
              .add("entries_in_flight", &Options::entries_in_flight,
                   "log entries on their way to one follower; more wait for its answer", {.least = 1})
              .add("pre_vote", &Options::pre_vote, "ask whether an election could be won before starting one")
              .add("check_quorum", &Options::check_quorum, "a leader that does not hear a majority steps down");
      return table;
    }
  };

  Raft(const Options& options, const Deployment& deployment)
      : options_(options), n_(deployment.group.agents.count), majority_(crash_quorum(n_)) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    const std::uint32_t n = deployment.group.agents.count;
    const auto where = [&](std::string_view name) {
      const Value* key = written.find(name);
      return key ? key->at : written.at;
    };
    if (options.f && *options.f > most_crashed(n)) {
      diagnostics.error(where("f"), fmt::format("{} replicas cannot bear f = {} crashed ones", n, *options.f),
                        fmt::format("n >= 2f + 1: use count {} or more, or f {} or less",
                                    least_crash_replicas(*options.f), most_crashed(n)));
    }
    if (options.heartbeat >= options.election_timeout)
      diagnostics.error(where("heartbeat"), "followers would miss the leader between two heartbeats",
                        "expected less than election_timeout");
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Start&) { await_leader(view, out); }, [&](const Restarted&) { on_restart(view, out); },
        [&](const TimerFired& fired) {
          fired.key == kHeartbeat ? on_heartbeat(view, out) : on_election_timeout(view, out);
        },
        [&](const Message& message) { on_message(view, message, out); });
  }

 private:
  enum class Role { follower, pre_candidate, candidate, leader };

  /// The last request of a client that was executed, and what it gave.
  struct Client {
    std::uint64_t executed = 0;
    Digest result;
  };

  static constexpr TimerKey kElection{.name = 0};
  static constexpr TimerKey kHeartbeat{.name = 1};

  void on_message(const View& view, const Message& message, Outbox& out) {
    const AgentId from = message.from;
    if (message.body->as<ClientRequest>())
      return on_request(view, std::static_pointer_cast<const ClientRequest>(message.body), out);
    if (!view.peers.contains(from) || from == view.self) return;
    dispatch<RaftAppendEntries, RaftAppendEntriesReply, RaftRequestVote, RaftRequestVoteReply>(
        *message.body, Overload{
                           [&](const RaftAppendEntries& append) { on_append(view, from, append, out); },
                           [&](const RaftAppendEntriesReply& reply) { on_append_reply(view, from, reply, out); },
                           [&](const RaftRequestVote& question) { on_request_vote(view, from, question, out); },
                           [&](const RaftRequestVoteReply& reply) { on_vote(view, from, reply, out); },
                       });
  }

  // Term, vote and log were on disk, and so was the state: what is lost is who leads and what was known of others.

  void on_restart(const View& view, Outbox& out) {
    role_ = Role::follower;
    leader_ = kNobody;
    heard_leader_.reset();
    await_leader(view, out);
  }

  void await_leader(const View& view, Outbox& out) {
    const auto spread = static_cast<std::uint64_t>(options_.election_spread.count());
    const Duration drawn(static_cast<std::int64_t>(view.random.below(spread + 1)));
    out.set_timer(kElection, options_.election_timeout + drawn);
  }

  /// Somebody is in a later term, or leads this one.
  void follow(const View& view, std::uint64_t term, Outbox& out) {
    const bool led = role_ == Role::leader;
    role_ = Role::follower;
    if (term > term_) {
      term_ = term;
      voted_for_ = leader_ = kNobody;
      out.emit(ViewEntered{.view = term_});
    }
    if (!led) return;
    leader_ = kNobody;
    out.cancel_timer(kHeartbeat);
    await_leader(view, out);
  }

  // Elections, section 5.2.

  void on_election_timeout(const View& view, Outbox& out) {
    if (role_ == Role::leader) return check_quorum(view, out);
    out.emit(PhaseTimedOut{.phase = role_ == Role::follower ? "leader" : "election", .view = term_});
    leader_ = kNobody;
    campaign(view, options_.pre_vote ? Role::pre_candidate : Role::candidate, out);
  }

  void campaign(const View& view, Role as, Outbox& out) {
    role_ = as;
    votes_ = VoteSet();
    const bool pre_vote = as == Role::pre_candidate;
    if (!pre_vote) {
      term_++;
      out.emit(ViewEntered{.view = term_});
      vote_for(view.self, out);
    }
    await_leader(view, out);
    out.broadcast(view.peers, share(RaftRequestVote{.term = pre_vote ? term_ + 1 : term_,
                                                    .last_index = log_.last_index(),
                                                    .last_term = log_.last_term(),
                                                    .pre_vote = pre_vote}));
    count_vote(view, view.self, out);
  }

  void vote_for(AgentId candidate, Outbox& out) {
    voted_for_ = candidate;
    out.emit(Voted{.phase = "election", .view = term_, .digest = candidacy(candidate)});
  }

  /// What a vote in an election is bound to.
  static Digest candidacy(AgentId candidate) { return Digest::of(fmt::format("candidate {}", index(candidate))); }

  void on_request_vote(const View& view, AgentId from, const RaftRequestVote& question, Outbox& out) {
    const bool worthy = log_.not_ahead_of(question.last_index, question.last_term);
    if (question.pre_vote) {
      const bool granted = worthy && question.term > term_ && !hears_leader(view);
      out.send(from, share(RaftRequestVoteReply{
                         .term = granted ? question.term : term_, .granted = granted, .pre_vote = true}));
      return;
    }
    if (question.term > term_) follow(view, question.term, out);
    const bool granted = worthy && question.term == term_ && (voted_for_ == kNobody || voted_for_ == from);
    if (granted) {
      if (voted_for_ == kNobody) vote_for(from, out);
      await_leader(view, out);
    }
    out.send(from, share(RaftRequestVoteReply{.term = term_, .granted = granted}));
  }

  bool hears_leader(const View& view) const {
    return role_ == Role::leader || (heard_leader_ && view.now - *heard_leader_ < options_.election_timeout);
  }

  void on_vote(const View& view, AgentId from, const RaftRequestVoteReply& reply, Outbox& out) {
    const bool asked = reply.pre_vote ? role_ == Role::pre_candidate && reply.term == term_ + 1
                                      : role_ == Role::candidate && reply.term == term_;
    if (reply.granted && asked) return count_vote(view, from, out);
    if (!reply.granted && reply.term > term_) follow(view, reply.term, out);
  }

  void count_vote(const View& view, AgentId voter, Outbox& out) {
    votes_.add(view.peers.rank(voter), n_);
    if (votes_.count() < majority_) return;
    role_ == Role::pre_candidate ? campaign(view, Role::candidate, out) : lead(view, out);
  }

  // Leading, section 5.3.

  void lead(const View& view, Outbox& out) {
    role_ = Role::leader;
    leader_ = view.self;
    out.emit(Certified{.phase = "election",
                       .view = term_,
                       .digest = candidacy(view.self),
                       .group_first = view.peers.first,
                       .voters = votes_.words()});
    out.emit(ViewEntered{.view = term_, .leader = view.self});
    followers_.assign(n_, RaftFollower{.next = log_.last_index() + 1, .heard = view.now});
    holders_.clear();
    appended_.clear();
    out.cancel_timer(kElection);
    if (options_.check_quorum) out.set_timer(kElection, options_.election_timeout);
    out.set_timer(kHeartbeat, options_.heartbeat);
    append(view, nullptr, out);
    for (const auto& [client, request] : std::exchange(waiting_, {})) append(view, request, out);
    replicate(view, false, out);
  }

  void on_request(const View& view, const ClientRequestPtr& request, Outbox& out) {
    if (role_ != Role::leader) {
      leader_ == kNobody ? void(waiting_[request->client] = request) : out.send(leader_, request);
      return;
    }
    append(view, request, out);
    replicate(view, false, out);
  }

  /// Gives a request the next place in the log, unless it has one. No request is a no-op.
  void append(const View& view, const ClientRequestPtr& request, Outbox& out) {
    if (request) {
      if (!view.crypto.verify(*request, request->client)) return;
      const Client& client = clients_[request->client];
      if (request->number == client.executed) reply(view, *request, out);
      std::uint64_t& appended = appended_[request->client];
      if (request->number <= std::max(client.executed, appended)) return;
      appended = request->number;
    }
    const std::uint64_t index = log_.append({.term = term_, .request = request});
    out.emit(Proposed{.view = term_, .sequence = index, .digest = log_.at(index).digest});
    accepted(index, out);
    note_holder(view, view.self, index, out);
  }

  void accepted(std::uint64_t index, Outbox& out) const {
    out.emit(Voted{.phase = "append", .view = log_.term_at(index), .sequence = index, .digest = log_.at(index).digest});
  }

  void on_heartbeat(const View& view, Outbox& out) {
    out.set_timer(kHeartbeat, options_.heartbeat);
    replicate(view, true, out);
  }

  void check_quorum(const View& view, Outbox& out) {
    out.set_timer(kElection, options_.election_timeout);
    std::uint32_t heard = 0;
    for (const AgentId id : view.peers)
      heard += id == view.self || view.now - followers_[view.peers.rank(id)].heard <= options_.election_timeout;
    if (heard >= majority_) return;
    out.emit(PhaseTimedOut{.phase = "quorum", .view = term_});
    follow(view, term_, out);
  }

  /// Sends each follower what it lacks; as a heartbeat also to those who lack nothing or have not answered. Followers
  /// at the same place share one message.
  void replicate(const View& view, bool heartbeat, Outbox& out) {
    std::map<std::uint64_t, std::vector<AgentId>> receivers;  // by the first entry to send
    for (const AgentId id : view.peers) {
      RaftFollower& follower = followers_[view.peers.rank(id)];
      if (heartbeat && follower.full(options_.entries_in_flight)) follower.probe_from(follower.match + 1);
      if (id != view.self && (heartbeat || follower.wants_more(log_, options_.entries_in_flight)))
        receivers[follower.take_turn(log_, options_.entries_per_append)].push_back(id);
    }
    for (auto& [next, agents] : receivers) out.multicast(std::move(agents), append_from(next));
  }

  RecordPtr append_from(std::uint64_t next) const {
    return share(RaftAppendEntries{.term = term_,
                                   .previous_index = next - 1,
                                   .previous_term = log_.term_at(next - 1),
                                   .commit = commit_,
                                   .entries = log_.slice(next, options_.entries_per_append)});
  }

  // Following: the entries that come are the log, whatever stood there before.

  void on_append(const View& view, AgentId from, const RaftAppendEntries& append, Outbox& out) {
    RaftAppendEntriesReply reply{.term = std::max(term_, append.term), .previous_index = append.previous_index};
    if (append.term < term_) return out.send(from, share(std::move(reply)));
    follow(view, append.term, out);
    heard_leader_ = view.now;
    await_leader(view, out);
    if (leader_ != from) meet_leader(from, out);
    reply.success = log_.holds(append.previous_index, append.previous_term);
    if (reply.success) {
      reply.match = take_over(append, out);
      if (append.commit > commit_) commit_ = std::max(commit_, std::min(append.commit, reply.match));
    } else if (append.previous_index > log_.last_index()) {
      reply.conflict_index = log_.last_index() + 1;
    } else {
      reply.conflict_term = log_.term_at(append.previous_index);
      reply.conflict_index = log_.first_of_term_at(append.previous_index);
    }
    execute_committed(view, out);
    out.send(from, share(std::move(reply)));
  }

  void meet_leader(AgentId leader, Outbox& out) {
    leader_ = leader;
    out.emit(ViewEntered{.view = term_, .leader = leader});
    for (const auto& [client, request] : std::exchange(waiting_, {})) out.send(leader, request);
  }

  /// Returns up to where the log is the leader's now. Entries that are there already are kept, and what is behind them
  /// too: the message may be old.
  std::uint64_t take_over(const RaftAppendEntries& append, Outbox& out) {
    std::uint64_t index = append.previous_index;
    for (const RaftEntry& entry : append.entries) {
      index++;
      if (log_.holds(index, entry.term)) continue;
      log_.truncate(index);
      log_.append(entry);
      accepted(index, out);
    }
    return index;
  }

  void on_append_reply(const View& view, AgentId from, const RaftAppendEntriesReply& reply, Outbox& out) {
    if (reply.term > term_) return follow(view, reply.term, out);
    if (role_ != Role::leader || reply.term < term_) return;
    RaftFollower& follower = followers_[view.peers.rank(from)];
    follower.heard = view.now;
    if (reply.success) {
      note_holder(view, from, reply.match, out);
      follower.go_on();
    } else if (!follower.back_up(reply, log_)) {
      return;
    }
    if (follower.wants_more(log_, options_.entries_in_flight))
      out.send(from, append_from(follower.take_turn(log_, options_.entries_per_append)));
  }

  // Committing, section 5.4.2: an entry of the leader's own term that a majority holds, and all before it.

  /// `holder` has the leader's log up to `match`.
  void note_holder(const View& view, AgentId holder, std::uint64_t match, Outbox& out) {
    const std::uint32_t rank = view.peers.rank(holder);
    const std::uint64_t known = std::exchange(followers_[rank].match, std::max(followers_[rank].match, match));
    std::uint64_t committed = commit_;
    for (std::uint64_t index = std::max(commit_, known) + 1; index <= match; index++) {
      VoteSet& holders = holders_[index];
      holders.add(rank, n_);
      if (holders.count() >= majority_ && log_.term_at(index) == term_) committed = index;
    }
    if (committed == commit_) return;
    for (std::uint64_t index = commit_ + 1; index <= committed; index++) certify(view, index, out);
    commit_ = committed;
    holders_.erase(holders_.begin(), holders_.upper_bound(commit_));
    execute_committed(view, out);
  }

  void certify(const View& view, std::uint64_t index, Outbox& out) const {
    out.emit(Certified{.phase = "append",
                       .view = log_.term_at(index),
                       .sequence = index,
                       .digest = log_.at(index).digest,
                       .group_first = view.peers.first,
                       .voters = holders_.at(index).words()});
  }

  void execute_committed(const View& view, Outbox& out) {
    while (executed_ < commit_) {
      const RaftLog::Slot& slot = log_.at(++executed_);
      out.emit(Decided{.view = slot.entry.term, .sequence = executed_, .digest = slot.digest});
      if (slot.entry.request) execute(view, slot, out);
    }
  }

  void execute(const View& view, const RaftLog::Slot& slot, Outbox& out) {
    const ClientRequest& request = *slot.entry.request;
    Client& client = clients_[request.client];
    if (request.number <= client.executed) return;  // two leaders have given it a place
    // The state is the history of what was executed: equal results mean equal histories.
    state_ = Digest::of(std::string(state_.bytes.begin(), state_.bytes.end()) +
                        std::string(slot.digest.bytes.begin(), slot.digest.bytes.end()));
    client = {.executed = request.number, .result = state_};
    out.emit(Executed{.sequence = executed_,
                      .client = request.client,
                      .request = request.number,
                      .digest = slot.digest,
                      .request_digest = slot.digest,
                      .result = state_});
    if (role_ == Role::leader) reply(view, request, out);
  }

  /// Requires that the request is the last of its client that was executed.
  void reply(const View& view, const ClientRequest& request, Outbox& out) {
    // Modulo n this is the leader's rank, and later terms have higher numbers: clients need to know no more.
    const std::uint64_t numbered = term_ * n_ + view.peers.rank(view.self);
    out.send(request.client, view.crypto.sign(ClientReply{.view = numbered,
                                                          .number = request.number,
                                                          .client = request.client,
                                                          .result = clients_[request.client].result}));
  }

  const Options options_;
  const std::uint32_t n_;
  const std::uint32_t majority_;

  // On disk.
  std::uint64_t term_ = 0;
  AgentId voted_for_ = kNobody;  ///< in this term
  RaftLog log_;
  std::uint64_t commit_ = 0;    ///< no entry up to here can change any more
  std::uint64_t executed_ = 0;  ///< every entry up to here has been executed
  Digest state_;
  std::map<AgentId, Client> clients_;

  // In memory.
  Role role_ = Role::follower;
  AgentId leader_ = kNobody;  ///< of this term, as far as known
  std::optional<Time> heard_leader_;
  VoteSet votes_;                                ///< for this replica's candidacy
  std::vector<RaftFollower> followers_;          ///< by rank; a leader's
  std::map<std::uint64_t, VoteSet> holders_;     ///< who has which entry behind commit_; a leader's
  std::map<AgentId, std::uint64_t> appended_;    ///< last request of each client that this leader gave a place
  std::map<AgentId, ClientRequestPtr> waiting_;  ///< last request of each client, for a leader to come
};

const bool registered = ProtocolCatalog::add<Raft>({.name = "raft",
                                                    .family = "consensus",
                                                    .summary = "Raft: bears crashes, no lies (USENIX ATC 2014)",
                                                    .crash_faults_only = true});

}  // namespace
}  // namespace conclave
