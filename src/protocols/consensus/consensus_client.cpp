// A client of replicas that agree: Castro and Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999, section 4.1.
//
// It sends a request to the primary and believes a result when f + 1 replicas report it: one of them is honest. If that
// takes too long it sends the request to all replicas, who answer again or pass it on to the primary. One request is
// under way at a time; what the workload asks for meanwhile waits.

#include <fmt/core.h>

#include <deque>
#include <map>
#include <optional>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/client_messages.hpp"

namespace conclave {
namespace {

class ConsensusClient final : public Protocol {
 public:
  struct Options {
    std::string replicas = "replica";
    std::optional<std::uint32_t> f;
    Duration retry = std::chrono::seconds(1);
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("replicas", &Options::replicas, "group that executes the requests")
              .add(
                  "f", &Options::f,
                  "Byzantine replicas to bear: f + 1 equal replies are believed; as many as the group can if not given")
              .add("retry", &Options::retry, "time without an answer after which a request goes to all replicas",
                   {.least = std::chrono::nanoseconds(1)});
      return table;
    }
  };

  ConsensusClient(const Options& options, const Deployment& deployment)
      : replicas_(deployment.roster.find(options.replicas)->agents),
        witnesses_(honest_witness(options.f.value_or(most_faulty(replicas_.count)))),
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
          if (!current_) issue_next(view, out);
        },
        [&](const Message& message) {
          if (const auto* reply = message.body->as<ClientReply>()) on_reply(view, message.from, *reply, out);
        },
        [&](const TimerFired&) {
          if (!current_) return;
          out.broadcast(replicas_, current_);
          out.set_timer(kRetry, retry_);
        });
  }

 private:
  static constexpr TimerKey kRetry{};

  void issue_next(const View& view, Outbox& out) {
    const Request wanted = waiting_.front();
    waiting_.pop_front();
    current_ = view.crypto.sign(
        ClientRequest{.client = view.self, .number = wanted.number, .operation = {wanted.payload_bytes}});
    replies_.clear();
    out.emit(RequestIssued{.request = wanted.number, .digest = current_->digest()});
    out.send(replicas_[view_ % replicas_.count], current_);
    out.set_timer(kRetry, retry_);
  }

  void on_reply(const View& view, AgentId from, const ClientReply& reply, Outbox& out) {
    if (!current_ || reply.number != current_->number || reply.client != view.self) return;
    if (!replicas_.contains(from) || !view.crypto.verify(reply, from)) return;
    VoteSet& voters = replies_[reply.result];
    voters.add(replicas_.rank(from), replicas_.count);
    if (voters.count() < witnesses_) return;
    view_ = reply.view;
    out.cancel_timer(kRetry);
    out.emit(RequestCompleted{.request = current_->number, .result = reply.result});
    current_.reset();
    if (!waiting_.empty()) issue_next(view, out);
  }

  const AgentRange replicas_;
  const std::uint32_t witnesses_;
  const Duration retry_;
  std::uint64_t view_ = 0;
  std::deque<Request> waiting_;
  ClientRequestPtr current_;
  std::map<Digest, VoteSet> replies_;  ///< who reported which result of the current request
};

const bool registered = ProtocolCatalog::add<ConsensusClient>(
    {.name = "consensus_client", .family = "consensus", .summary = "asks replicas to execute what the workload wants"});

}  // namespace
}  // namespace conclave
