// PBFT: Castro and Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999; with what "Practical Byzantine Fault
// Tolerance and Proactive Recovery" (TOCS 2002) says of batches and retransmission. Names are the papers'.
//
// n >= 3f + 1 replicas execute the same requests in the same order although f of them may do anything. In view v the
// replica v mod n is the primary; the others are backups. Requests travel in batches; each batch has a slot, its
// sequence number. The chapters:
//
//   normal_case.cpp   a batch gets its slot: pre-prepare, prepare, commit, execution, reply
//   checkpoints.cpp   what the log may forget, and how a replica that has fallen behind gets the state
//   view_change.cpp   a primary is given up, and what it may have decided is kept
//   recovery.cpp      lost messages are sent again
//   accusations.cpp   who lies, and what proves it
//   certificates.cpp  the proofs, as pure functions
//
//                          no NEW-VIEW in time: v + 1, twice the patience
//                                     .-----------.
//        a request waits too long     |           v
//   +----------------+  or f + 1 gave up   +-------------------+   NEW-VIEW with a quorum's
//   | active in view | ------------------> | waiting for the   |   VIEW-CHANGEs is valid
//   | v              |                     | new view v + 1    | ---------> active in view v + 1
//   +----------------+                     +-------------------+
//
// Why it is safe, in one sentence a chapter: in one view no two digests are prepared for a slot, as two quorums share
// an honest replica and it prepares one; what is decided was prepared at f + 1 honest replicas, one of which is in the
// quorum of every later NEW-VIEW and brings its certificate; and nothing is forgotten before a quorum has its effects
// in a signed state. Why it is live: once the network delivers, views that double in length last long enough, f + 1
// impatient replicas pull the others along, and what was lost is sent again.
//
// Messages of one batch, without faults: n - 1 pre-prepares, (n - 1)^2 prepares, n (n - 1) commits, n replies a
// request.
//
// Authentication is by signatures, as in section 4. Commits can bear authenticators (MACs) instead, as in section 5,
// for no certificate holds them. Proposals, prepares and checkpoints cannot: what a certificate holds must convince
// others, and a view change without certificates, that of the TOCS paper, is another protocol.

#include <fmt/core.h>

#include "core/catalog.hpp"
#include "core/quorum.hpp"
#include "protocols/consensus/pbft/replica.hpp"
#include "protocols/consensus/resilience.hpp"

namespace conclave {

const ParamTable& Pbft::Options::params() {
  static const auto table =
      Params<Options>()
          .add("f", &Options::f, std::string(kResilienceMeaning))
          .add("context", &Options::context,
               "which requests replicas are willing to order: a component of kind context")
          .add("batch", &Options::batch, "requests in a slot at most", {.least = 1})
          .add("batch_delay", &Options::batch_delay, "time for which the primary waits for a batch to fill")
          .add("pipeline", &Options::pipeline, "slots under way at once; what comes meanwhile forms batches",
               {.least = 1})
          .add("checkpoint", &Options::checkpoint, "slots between two checkpoints", {.least = 1})
          .add("window", &Options::window, "slots above the last stable checkpoint that may be under way", {.least = 1})
          .add("view_timeout", &Options::view_timeout,
               "time in which a waiting request must be executed, or the primary is given up; doubles with each view "
               "that achieves nothing, up to 64 times",
               {.least = std::chrono::nanoseconds(1)})
          .add("resend", &Options::resend, "time without progress after which a replica asks for what it lacks",
               {.least = std::chrono::nanoseconds(1)})
          .add("state", &Options::state, "size of the service's state, for transfers",
               {.most = ByteCount{std::numeric_limits<std::uint32_t>::max()}})
          .add("reply", &Options::reply, "what a reply to a client holds besides its result",
               {.most = ByteCount{std::numeric_limits<std::uint32_t>::max()}})
          .add("commits", &Options::commits,
               "what authenticates commits, which no certificate holds: signatures, or a MAC for each receiver")
          .add("mac", &Options::mac, "time that it takes to make a MAC or to check one");
  return table;
}

namespace {

std::uint32_t quorum_of(const Pbft::Options& options, const Deployment& deployment) {
  const std::uint32_t n = deployment.group.agents.count;
  return byzantine_quorum(n, options.f.value_or(most_faulty(n)));
}

}  // namespace

Pbft::Pbft(const Options& options, const Deployment& deployment)
    : group_{deployment.group.agents, quorum_of(options, deployment)},
      n_(group_.replicas.count),
      f_(options.f.value_or(most_faulty(n_))),
      batch_most_(options.batch),
      batch_delay_(options.batch_delay),
      pipeline_(options.pipeline),
      checkpoint_every_(options.checkpoint),
      window_(options.window),
      view_timeout_(options.view_timeout),
      resend_(options.resend),
      state_bytes_(options.state),
      macs_(options.commits == CommitProof::macs),
      mac_cost_(options.mac),
      context_(options.context.make(deployment)),
      service_(options.reply) {}

void Pbft::check(const Options& options, const Deployment& deployment, const Value& written, Diagnostics& diagnostics) {
  check_resilience(options.f, deployment, written, diagnostics);
  options.context.check(deployment, diagnostics);
  if (options.window < options.checkpoint) {
    const Value* window = written.find("window");
    diagnostics.error(window ? window->at : written.at,
                      fmt::format("a window of {} slots never reaches the next checkpoint, every {}", options.window,
                                  options.checkpoint),
                      "expected a window of at least `checkpoint`, better twice that");
  }
}

void Pbft::step(const View& view, const Input& input, Outbox& out) {
  match(
      input, [&](const Message& message) { hear(view, message, out); },
      [&](const TimerFired& timer) {
        switch (timer.key.name) {
          case kViewTimer: return give_up(view, out);
          case kResendTimer: return resend(view, out);
          case kBatchTimer: batch_timer_ = false; batch_due_ = true;
        }
      },
      [&](const Restarted&) { on_restart(view, out); });
  propose_waiting(view, out);
  keep_time(view, out);
}

void Pbft::hear(const View& view, const Message& message, Outbox& out) {
  if (view.peers.contains(message.from) && !message.body->as<ClientRequest>()) {
    hear_replica(view, message, out);
  } else if (message.body->as<ClientRequest>()) {
    on_request(view, message.from, std::static_pointer_cast<const ClientRequest>(message.body), out);
  } else if (const auto* query = message.body->as<ClientQuery>()) {
    if (view.crypto.verify(*query, message.from)) service_.answer(view, view_, *query, out);
  }
}

void Pbft::hear_replica(const View& view, const Message& message, Outbox& out) {
  const AgentId from = message.from;
  const RecordPtr& body = message.body;
  dispatch<PbftPrepare, PbftCommit, PbftMacCommit, PbftPrePrepare, PbftCheckpoint, PbftViewChange, PbftNewView,
           PbftStatus, PbftContent, PbftStable, PbftFetch, PbftState>(
      *body,
      Overload{
          [&](const PbftPrepare&) { on_prepare(view, from, body, out); },
          [&](const PbftCommit&) { on_commit(view, from, body, out); },
          [&](const PbftMacCommit& commit) { on_mac_commit(view, from, commit, out); },
          [&](const PbftPrePrepare&) { on_pre_prepare(view, from, body, out); },
          [&](const PbftCheckpoint&) { on_checkpoint(view, from, body, out); },
          [&](const PbftViewChange&) { on_view_change(view, from, body, out); },
          [&](const PbftNewView&) { on_new_view(view, from, body, out); },
          [&](const PbftStatus& status) { on_status(view, from, status, out); },
          [&](const PbftContent& content) { on_content(view, content, out); },
          [&](const PbftStable&) { on_stable(view, from, std::static_pointer_cast<const PbftStable>(body), out); },
          [&](const PbftFetch& fetch) { on_fetch(from, fetch, out); },
          [&](const PbftState& answer) { on_state(view, from, answer, out); },
      });
}

// Time: the view timer runs while the oldest waiting request does, the resend timer while anything is left to do. With
// nothing to do, no timer runs.

void Pbft::keep_time(const View& view, Outbox& out) {
  if (active_) {
    const auto oldest = leads(view) ? std::nullopt : service_.oldest_arrival();
    if (oldest && oldest != awaited_) out.set_timer({kViewTimer}, patience());
    if (!oldest && awaited_) out.cancel_timer({kViewTimer});
    awaited_ = oldest;
  }
  const bool idle = active_ && !target_ && !service_.waiting() && std::max(heard_most_, accepted_) <= executed_;
  if (idle == !resending_) return;
  resending_ = !idle;
  progressed(view);
  resending_ ? out.set_timer({kResendTimer}, resend_) : out.cancel_timer({kResendTimer});
}

/// Timers and messages are gone; promises are kept, as they were on disk. The others know what was missed.
void Pbft::on_restart(const View& view, Outbox& out) {
  awaited_.reset();
  resending_ = batch_timer_ = fetching_ = false;
  if (new_view_due_) out.set_timer({kViewTimer}, patience());
  tell_status(view, out);
}

namespace {

const bool registered = ProtocolCatalog::add<Pbft>(
    {.name = "pbft", .family = "consensus", .summary = "Practical Byzantine Fault Tolerance (OSDI 1999)"});

}  // namespace
}  // namespace conclave
