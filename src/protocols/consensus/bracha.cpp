// Reliable broadcast: Bracha, "Asynchronous Byzantine Agreement Protocols", Information and Computation 75, 1987,
// section
// 3. One agent, the origin, says a value to its group. Either all honest agents deliver the same value or none delivers
// anything, although the origin and others, f in all out of n >= 3f + 1, may lie, and although nobody waits for a
// timeout.
//
//   origin           everyone                everyone
//     |-- initial -->|                           |
//     |              |<--------- echo ---------->|   echo the first value that the origin says
//     |              |<--------- ready --------->|   ready, once floor((n + f) / 2) + 1 echo it,
//     |              |                           |   or once f + 1 are ready
//     |              |                           |   deliver, once 2f + 1 are ready
//
// Consistency. Two quorums of echoes share an honest agent, and that echoes once: so all honest agents that are ready
// because of echoes are ready for one value, and who follows f + 1 of them follows an honest one.
// Totality. Who delivers has heard 2f + 1, of which f + 1 are honest: their ready reaches everyone, so everyone honest
// becomes ready, and n - f >= 2f + 1 deliver.
// Validity. If the origin is honest, all n - f honest agents echo its value, and that is a quorum.
//
// Messages of one broadcast, without faults: n - 1 initial, n (n - 1) echo, n (n - 1) ready; three message delays.
//
// Every request of the workload is one broadcast of the agent that it comes to. The network must not lose messages, as
// in the paper: nothing is sent twice. What a liar can make others remember is bounded by `open`.

#include <fmt/core.h>

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/broadcast_events.hpp"
#include "core/catalog.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/bracha_messages.hpp"

namespace conclave {
namespace {

class Bracha final : public Protocol {
 public:
  struct Options {
    std::optional<std::uint32_t> f;
    std::uint32_t open = 1024;
    std::optional<std::uint32_t> origins;
    static const ParamTable& params() {
      static const auto table =
          Params<Options>()
              .add("f", &Options::f, "Byzantine agents to bear; as many as the group can, (n - 1) / 3, if not given")
              .add("open", &Options::open,
                   "broadcasts of one origin that an agent takes part in at once; it refuses more", {.least = 1})
              .add("origins", &Options::origins,
                   "agents, from the first of the group on, that broadcast what the workload asks of them; the others "
                   "only take part; all if not given");
      return table;
    }
  };

  Bracha(const Options& options, const Deployment& deployment)
      : n_(deployment.group.agents.count),
        f_(options.f.value_or(most_faulty(n_))),
        open_max_(options.open),
        origin_count_(options.origins.value_or(n_)) {}

  static void check(const Options& options, const Deployment& deployment, const Value& written,
                    Diagnostics& diagnostics) {
    const std::uint32_t n = deployment.group.agents.count;
    if (!options.f || *options.f <= most_faulty(n)) return;
    const Value* f = written.find("f");
    diagnostics.error(
        f ? f->at : written.at, fmt::format("{} agents cannot bear f = {} Byzantine ones", n, *options.f),
        fmt::format("n >= 3f + 1: use count {} or more, or f {} or less", least_replicas(*options.f), most_faulty(n)));
  }

  void step(const View& view, const Input& input, Outbox& out) override {
    match(
        input, [&](const Request& wanted) { broadcast(view, wanted, out); },
        [&](const Message& message) {
          const AgentId from = message.from;
          if (!view.peers.contains(from)) return;
          dispatch<BrachaEcho, BrachaReady, BrachaInitial>(
              *message.body, Overload{
                                 [&](const BrachaEcho& echo) { on_echo(view, from, echo.value, out); },
                                 [&](const BrachaReady& ready) { on_ready(view, from, ready.value, out); },
                                 [&](const BrachaInitial& initial) { on_initial(view, from, initial.value, out); },
                             });
        });
  }

 private:
  /// What has been heard of one broadcast that is not delivered yet.
  struct Broadcast {
    /// The votes for one value. More than one ballot means that somebody lies.
    struct Ballot {
      BrachaValue value;
      VoteSet echoes;
      VoteSet readies;
    };

    VoteSet echoed_by;  ///< whose echo has been counted, for whichever value
    VoteSet ready_by;   ///< likewise
    std::vector<Ballot> ballots;

    Ballot& ballot(const BrachaValue& wanted) {
      for (Ballot& known : ballots)
        if (known.value == wanted) return known;
      return ballots.emplace_back(Ballot{wanted, {}, {}});
    }
  };

  struct Origin {
    std::map<std::uint64_t, Broadcast> open;
    std::uint64_t delivered_all = 0;    ///< every number up to here is delivered
    std::set<std::uint64_t> delivered;  ///< and these
  };

  void broadcast(const View& view, const Request& wanted, Outbox& out) {
    if (view.peers.rank(view.self) >= origin_count_) return;
    const BrachaValue value{.origin = view.self,
                            .number = wanted.number,
                            .content = Digest::of(fmt::format("value {} of {}", wanted.number, index(view.self))),
                            .payload = {wanted.payload_bytes}};
    out.emit(BroadcastStarted{.number = value.number, .digest = value.content});
    BrachaInitial initial;
    initial.value = value;
    out.broadcast(view.peers, share(std::move(initial)));
    on_initial(view, view.self, value, out);
  }

  // Initial: echo the first value that the origin says.

  void on_initial(const View& view, AgentId from, const BrachaValue& value, Outbox& out) {
    if (from != value.origin) return;
    Broadcast* broadcast = join(view, value, out);
    if (!broadcast || broadcast->echoed_by.contains(view.peers.rank(view.self))) return;
    BrachaEcho echo;
    echo.value = value;
    out.broadcast(view.peers, share(std::move(echo)));
    count_echo(view, view.self, *broadcast, value, out);
  }

  /// The broadcast that the value belongs to; nullptr if it is over, or not to be taken part in.
  Broadcast* join(const View& view, const BrachaValue& value, Outbox& out) {
    if (!view.peers.contains(value.origin) || value.number == 0) return nullptr;
    Origin& origin = origins_[value.origin];
    if (value.number <= origin.delivered_all || origin.delivered.contains(value.number)) return nullptr;
    const auto known = origin.open.find(value.number);
    if (known != origin.open.end()) return &known->second;
    if (origin.open.size() < open_max_) return &origin.open[value.number];
    out.emit(BroadcastRefused{
        .origin = value.origin, .number = value.number, .reason = "too many broadcasts of this origin are open"});
    return nullptr;
  }

  // Echo: a quorum of them makes ready.

  void on_echo(const View& view, AgentId from, const BrachaValue& value, Outbox& out) {
    if (Broadcast* broadcast = join(view, value, out)) count_echo(view, from, *broadcast, value, out);
  }

  void count_echo(const View& view, AgentId voter, Broadcast& broadcast, const BrachaValue& value, Outbox& out) {
    const std::uint32_t rank = view.peers.rank(voter);
    if (!broadcast.echoed_by.add(rank, n_)) return;
    VoteSet& echoes = broadcast.ballot(value).echoes;
    echoes.add(rank, n_);
    if (echoes.count() >= byzantine_quorum(n_, f_)) become_ready(view, broadcast, value, out);
  }

  // Ready: f + 1 of them make ready, for one is honest; 2f + 1 deliver.

  void on_ready(const View& view, AgentId from, const BrachaValue& value, Outbox& out) {
    if (Broadcast* broadcast = join(view, value, out)) count_ready(view, from, *broadcast, value, out);
  }

  void become_ready(const View& view, Broadcast& broadcast, const BrachaValue& value, Outbox& out) {
    if (broadcast.ready_by.contains(view.peers.rank(view.self))) return;
    BrachaReady ready;
    ready.value = value;
    out.broadcast(view.peers, share(std::move(ready)));
    count_ready(view, view.self, broadcast, value, out);
  }

  void count_ready(const View& view, AgentId voter, Broadcast& broadcast, const BrachaValue& value, Outbox& out) {
    const std::uint32_t rank = view.peers.rank(voter);
    if (!broadcast.ready_by.add(rank, n_)) return;
    VoteSet& readies = broadcast.ballot(value).readies;
    readies.add(rank, n_);
    const bool ready = broadcast.ready_by.contains(view.peers.rank(view.self));
    if (!ready && readies.count() >= honest_witness(f_)) return become_ready(view, broadcast, value, out);
    if (readies.count() >= honest_majority(f_)) deliver(value, out);
  }

  /// The broadcast is over, and all that was remembered of it forgotten: who delivers has said that it is ready.
  void deliver(const BrachaValue& value, Outbox& out) {
    Origin& origin = origins_[value.origin];
    out.emit(BroadcastDelivered{.origin = value.origin, .number = value.number, .digest = value.content});
    origin.open.erase(value.number);
    origin.delivered.insert(value.number);
    while (origin.delivered.erase(origin.delivered_all + 1) > 0) origin.delivered_all++;
  }

  const std::uint32_t n_;
  const std::uint32_t f_;
  const std::uint32_t open_max_;
  const std::uint32_t origin_count_;
  std::map<AgentId, Origin> origins_;
};

const bool registered = ProtocolCatalog::add<Bracha>(
    {.name = "bracha", .family = "consensus", .summary = "reliable broadcast of every request (Bracha 1987)"});

}  // namespace
}  // namespace conclave
