// A client of replicas that agree: Castro and Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999, section 4.1.
//
// It sends a request to the primary and believes a result when f + 1 replicas report it: one of them is honest. If that
// takes too long it sends the request to all replicas, who answer again or pass it on to the primary. One request is
// under way at a time; what the workload asks for meanwhile waits. Where leaders change all the time (HotStuff,
// Tendermint) it asks all replicas at once.
//
// Reads need not be ordered (section 5.1): a share of the requests only asks what the state is. All replicas answer at
// once from the state that they have, and a quorum of equal answers is believed. If they differ, because writes are
// under way, the request is ordered like any other. That a read sees every write that was answered before takes a
// quorum for writes too: f + 1 replicas that have executed a write need not meet the quorum of a read.

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/client_messages.hpp"

namespace conclave {

/// Who hears of a request first.
enum class Asked { leader, all };
template <>
struct Choices<Asked> {
  static constexpr std::pair<Asked, std::string_view> kNames[] = {{Asked::leader, "leader"}, {Asked::all, "all"}};
};

namespace {

class ConsensusClient final : public Protocol {
 public:
  struct Options {
    std::string replicas = "replica";
    std::optional<std::uint32_t> f;
    Asked ask = Asked::leader;
    Duration retry = std::chrono::seconds(1);
    Probability read_only;
    bool quorum_replies = false;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("replicas", &Options::replicas, "group that executes the requests")
              .add("f", &Options::f,
                   "Byzantine replicas to bear: f + 1 equal replies are believed; as many as the protocol can, if not "
                   "given: none where it bears crashes only")
              .add("ask", &Options::ask, "who hears of a request first; all where leaders change all the time")
              .add("retry", &Options::retry, "time without an answer after which a request goes to all replicas",
                   {.least = std::chrono::nanoseconds(1)})
              .add("read_only", &Options::read_only,
                   "share of requests that only read, for protocols that answer them unordered; implies "
                   "`quorum_replies`")
              .add("quorum_replies", &Options::quorum_replies,
                   "believe a quorum of equal replies instead of f + 1; where any client reads, all need that");
      return table;
    }
  };

  ConsensusClient(const Options& options, const Deployment& deployment)
      : replicas_(deployment.roster.find(options.replicas)->agents),
        f_(options.f.value_or(most_liars(*deployment.roster.find(options.replicas)))),
        witnesses_(options.quorum_replies || options.read_only != Probability() ? byzantine_quorum(replicas_.count, f_)
                                                                                : honest_witness(f_)),
        read_only_(options.read_only),
        ask_(options.ask),
        retry_(options.retry) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    const Group* group = deployment.roster.find(options.replicas);
    const Value* key = written.find("replicas");
    if (!group) {
      std::vector<std::string> names;
      for (const Group& known : deployment.roster.groups()) names.push_back(known.name);
      diagnostics.error(key ? key->at : written.at, fmt::format("there is no group `{}` of replicas", options.replicas),
                        suggestion(options.replicas, names));
    } else if (options.f && *options.f > most_faulty(group->agents.count)) {
      const Value* f = written.find("f");
      diagnostics.error(f ? f->at : written.at,
                        fmt::format("{} replicas cannot bear f = {}", group->agents.count, *options.f),
                        fmt::format("n >= 3f + 1: at least {} replicas are needed", least_replicas(*options.f)));
    }
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input,
        [&](const Request& wanted) {
          waiting_.push_back(wanted);
          if (!busy()) issue_next(view, out);
        },
        [&](const Message& message) {
          const auto* answer = message.body->as<ClientAnswer>();
          const auto* reply = answer ? answer->reply.get() : message.body->as<ClientReply>();
          if (reply) on_reply(view, message.from, *reply, out);
        },
        [&](const TimerFired&) {
          if (query_) return order(view, out);
          if (!current_) return;
          out.broadcast(replicas_, current_);
          out.set_timer(kRetry, retry_);
        });
  }

 private:
  static constexpr TimerKey kRetry{};

  static std::uint32_t most_liars(const Group& group) {
    for (const ComponentInfo& known : all_components())
      if (known.name == group.protocol && known.crash_faults_only) return 0;
    return most_faulty(group.agents.count);
  }

  void issue_next(const View& view, Outbox& out) {
    wanted_ = waiting_.front();
    waiting_.pop_front();
    if (read_only_ == Probability() || !view.random.hits(read_only_)) return order(view, out);
    begin();
    query_ = view.crypto.sign(
        ClientQuery{.client = view.self, .number = wanted_.number, .operation = {wanted_.payload_bytes}});
    out.emit(RequestIssued{.request = wanted_.number, .digest = Digest::of(query_->encode().bytes), .read_only = true});
    out.broadcast(replicas_, query_);
    out.set_timer(kRetry, retry_);
  }

  /// Issues what is wanted as a request that is ordered.
  void order(const View& view, Outbox& out) {
    begin();
    current_ = view.crypto.sign(
        ClientRequest{.client = view.self, .number = wanted_.number, .operation = {wanted_.payload_bytes}});
    out.emit(RequestIssued{.request = wanted_.number, .digest = current_->digest()});
    if (ask_ == Asked::all) {
      out.broadcast(replicas_, current_);
    } else {
      out.send(replicas_[view_ % replicas_.count], current_);
    }
    out.set_timer(kRetry, retry_);
  }

  void begin() {
    query_.reset();
    current_.reset();
    replied_ = {};
    replies_.clear();
  }

  void on_reply(const View& view, AgentId from, const ClientReply& reply, Outbox& out) {
    if (!busy() || reply.number != wanted_.number || reply.client != view.self) return;
    if (!replicas_.contains(from) || !view.crypto.verify(reply, from)) return;
    const std::uint32_t rank = replicas_.rank(from);
    if (!replied_.add(rank, replicas_.count)) return;
    VoteSet& voters = replies_[reply.result];
    voters.add(rank, replicas_.count);
    if (voters.count() >= witnesses_) return believe(view, reply, out);
    if (query_ && !undecided()) order(view, out);
  }

  void believe(const View& view, const ClientReply& reply, Outbox& out) {
    view_ = reply.view;
    out.cancel_timer(kRetry);
    out.emit(RequestCompleted{.request = wanted_.number, .result = reply.result});
    begin();
    if (!waiting_.empty()) issue_next(view, out);
  }

  bool busy() const { return current_ || query_; }
  /// Whether the replies that are still to come can make a quorum.
  bool undecided() const {
    std::uint32_t best = 0;
    for (const auto& [result, voters] : replies_) best = std::max(best, voters.count());
    return best + replicas_.count - replied_.count() >= witnesses_;
  }

  const AgentRange replicas_;
  const std::uint32_t f_;
  const std::uint32_t witnesses_;  ///< equal replies that are believed
  const Probability read_only_;
  const Asked ask_;
  const Duration retry_;
  std::uint64_t view_ = 0;
  std::deque<Request> waiting_;
  Request wanted_{};                          ///< under way
  ClientRequestPtr current_;                  ///< as a request that is ordered
  std::shared_ptr<const ClientQuery> query_;  ///< or as a question
  VoteSet replied_;
  std::map<Digest, VoteSet> replies_;  ///< who reported which result of the current request
};

const bool registered = ProtocolCatalog::add<ConsensusClient>(
    {.name = "consensus_client", .family = "consensus", .summary = "asks replicas to execute what the workload wants"});

}  // namespace
}  // namespace conclave
