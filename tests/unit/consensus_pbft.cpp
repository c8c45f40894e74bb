// PBFT: exact numbers of messages and message delays, and batches that must not be lost over views.

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "core/consensus_events.hpp"
#include "lab/rehearsal.hpp"
#include "protocols/consensus/pbft/messages.hpp"

namespace conclave {
namespace {

using lab::kHop;
using lab::Rehearsal;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::int64_t hops(Time time) {
  return (time - kStartOfRun) / kHop;
}

}  // namespace

TEST_CASE("pbft: n - 1, (n - 1)^2, n (n - 1) and n messages a request, decided after three delays") {
  const std::map<std::uint32_t, std::uint64_t> published{{4, 28}, {7, 91}, {10, 190}, {31, 1'891}, {100, 19'900}};
  for (const auto& [n, total] : published) {
    CAPTURE(n);
    Rehearsal rehearsal;
    rehearsal.add("replica", n, "pbft");
    const AgentRange clients = rehearsal.add("client", 1, "consensus_client");
    rehearsal.start();
    rehearsal.request(clients[0]);
    rehearsal.run_until(kStartOfRun + seconds(10));
    CHECK(rehearsal.sent() == std::map<std::string_view, std::uint64_t>{{"request", 1},
                                                                        {"pre_prepare", n - 1},
                                                                        {"prepare", (n - 1) * (n - 1)},
                                                                        {"commit", n * (n - 1)},
                                                                        {"reply", n}});
    std::uint64_t all = 0;
    for (const auto& [kind, count] : rehearsal.sent()) all += count;
    CHECK(all - 1 == total);
    CHECK(hops(rehearsal.emitted<Proposed>().front().time) == 1);
    CHECK(rehearsal.emitted<Decided>().size() == n);
    for (const Event& event : rehearsal.emitted<Decided>()) CHECK(hops(event.time) == 1 + 3);
    CHECK(hops(rehearsal.emitted<RequestCompleted>().front().time) == 5);
    CHECK(rehearsal.emitted<PhaseTimedOut>().empty());
  }
}

TEST_CASE("pbft: a read takes two delays and 2 n messages") {
  for (const std::uint32_t n : {4u, 7u, 100u}) {
    CAPTURE(n);
    Rehearsal rehearsal;
    rehearsal.add("replica", n, "pbft");
    const AgentRange clients = rehearsal.add("client", 1, "consensus_client{read_only=100%}");
    rehearsal.start();
    rehearsal.request(clients[0]);
    rehearsal.run_until(kStartOfRun + seconds(10));
    CHECK(rehearsal.sent() == std::map<std::string_view, std::uint64_t>{{"query", n}, {"reply", n}});
    CHECK(hops(rehearsal.emitted<RequestCompleted>().front().time) == 2);
  }
}

// In view 0 the primary alone sees that its batches are prepared, and nobody knows that it does. View 1 begins without
// it and gives the slot to another batch. In view 2 the old primary's certificates come to light and oblige everyone to
// the first batches, which replicas 1 and 2 have prepared and must still have; then the old primary, the one fault of
// four, is gone for good.
TEST_CASE("pbft: a batch that was prepared once is kept, for a certificate may come to light views later") {
  constexpr Time kGone = kStartOfRun + milliseconds(340);
  Rehearsal rehearsal;
  const AgentRange replicas =
      rehearsal.add("replica", 4, "pbft{view_timeout=100ms, resend=600ms, pipeline=1, batch_delay=2ms}");
  const AgentRange clients = rehearsal.add("client", 2, "consensus_client{ask=all, retry=20s}");
  rehearsal.set_network([&](const lab::Letter& letter, Random&) -> std::vector<Duration> {
    const AgentId first = replicas[0];
    const bool old_primary = letter.from == first;
    if (old_primary && letter.sent > kGone) return {};
    if (old_primary && letter.sent > kStartOfRun + milliseconds(50) && !letter.body.as<PbftViewChange>()) return {};
    if (const auto* prepare = letter.body.as<PbftPrepare>())
      if ((prepare->view == 0 && letter.to != first) || prepare->view == 1) return {};
    if (const auto* commit = letter.body.as<PbftCommit>(); commit && commit->view < 2) return {};
    if (const auto* change = letter.body.as<PbftViewChange>()) {
      if (change->view == 1 && old_primary) return {};
      if (change->view == 2 && letter.from == replicas[3]) return {};
    }
    // The second client's request comes after the first batch, so that view 1 makes a batch of both.
    if (letter.from == clients[1]) return {milliseconds(20)};
    return {kHop};
  });
  rehearsal.start();
  for (const AgentId client : clients) rehearsal.request(client);
  rehearsal.run_until(kStartOfRun + seconds(15));
  Digest in_view_0, in_view_1, in_view_2;
  for (const Event& event : rehearsal.emitted<Proposed>()) {
    const auto& proposal = *event.record->as<Proposed>();
    if (proposal.sequence != 1) continue;
    if (proposal.view == 0) in_view_0 = proposal.digest;
    if (proposal.view == 1) in_view_1 = proposal.digest;
    if (proposal.view == 2) in_view_2 = proposal.digest;
  }
  CHECK(in_view_0 != Digest());
  CHECK(in_view_1 != Digest());
  CHECK(in_view_1 != in_view_0);
  CHECK(in_view_2 == in_view_0);
  CHECK(rehearsal.emitted<RequestCompleted>().size() == 2);
  for (const char* checker : {"agreement", "validity", "integrity", "total_order", "certificates", "deadlock"}) {
    const Verdict verdict = rehearsal.verdict(checker);
    CHECK_MESSAGE(verdict.holds, verdict.detail);
  }
}

}  // namespace conclave
