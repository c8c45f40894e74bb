// Elections without a network in between: how many messages they take, who wins, and that terms are nobody else's.

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "protocols/hierarchy/succession.hpp"

namespace conclave {
namespace {

using namespace std::chrono_literals;

/// Electors whose messages arrive in the order in which they were sent.
class Electors {
 public:
  Electors(ElectionKind kind, std::uint32_t count) : keys_(SignatureScheme::modelled, 1, count) {
    group_ = roster_.add("elector", count, "hierarchy_member");
    std::vector<AgentId> all(group_.begin(), group_.end());
    for (std::uint32_t i = 0; i < count; i++) electors_.emplace_back(Succession::Rules{kind, 100ms, 400ms}, all, 0);
  }

  void call(std::uint32_t rank) {
    act(rank, [&](const View& view, Outbox& out) { return electors_[rank].call(view, known_, out); });
  }
  void renew(std::uint32_t rank, Epoch epoch) { electors_[rank].renew(epoch, now_); }
  void advance(Duration by) { now_ += by; }
  void kill(std::uint32_t rank) { dead_.insert(agent(rank)); }

  void deliver_all() {
    while (!flights_.empty()) {
      const Flight flight = flights_.front();
      flights_.pop_front();
      if (dead_.contains(flight.to)) continue;
      const std::uint32_t rank = index(flight.to);
      act(rank, [&](const View& view, Outbox& out) {
        if (const auto* won = flight.body->as<ElectionWon>()) {
          electors_[rank].settled(out);
          electors_[rank].renew(won->epoch, now_);
        }
        return electors_[rank].hear(view, Message{flight.from, flight.body}, known_, wins_.contains(rank), out);
      });
    }
  }
  /// Fires a timer of the elector, whether or not it is due.
  void fire(std::uint32_t rank, Succession::Timer timer) {
    act(rank, [&](const View& view, Outbox& out) {
      return electors_[rank].on_timer(view, TimerKey{.name = timer}, known_, out);
    });
  }

  std::uint64_t sent(std::string_view kind) { return sent_[kind]; }
  const std::map<std::uint32_t, Epoch>& wins() const { return wins_; }
  Time now() const { return now_; }
  const Succession& at(std::uint32_t rank) const { return electors_[rank]; }

 private:
  struct Flight {
    AgentId from;
    AgentId to;
    RecordPtr body;
  };

  template <class Step>
  void act(std::uint32_t rank, Step&& step) {
    Random random(Stream(1, "electors"));
    Crypto crypto(keys_, agent(rank), {});
    const View view{agent(rank), now_, group_, roster_, random, crypto};
    Outbox out;
    if (const std::optional<Epoch> won = step(view, out)) wins_[rank] = *won;
    for (const Effect& effect : out.effects())
      if (const auto* send = std::get_if<Send>(&effect))
        send->to.each(view.self, [&](AgentId to, std::uint32_t) {
          sent_[send->body->type->name]++;
          flights_.push_back({view.self, to, send->body});
        });
  }

  Roster roster_;
  AgentRange group_;
  KeyRing keys_;
  std::vector<Succession> electors_;
  std::deque<Flight> flights_;
  std::map<std::string_view, std::uint64_t> sent_;
  std::map<std::uint32_t, Epoch> wins_;
  std::set<AgentId> dead_;
  Epoch known_{7, 1};
  Time now_{};
};

}  // namespace

TEST_CASE("hierarchy known: Chang and Roberts take n (n + 1) / 2 messages where every candidate goes furthest") {
  for (const std::uint32_t n : {2u, 3u, 5u, 9u, 16u}) {
    CAPTURE(n);
    Electors electors(ElectionKind::ring, n);
    for (std::uint32_t rank = 0; rank < n; rank++) electors.call(rank);
    electors.deliver_all();
    CHECK(electors.sent("election_token") == n * (n + 1) / 2);
    REQUIRE(electors.wins().size() == 1);
    CHECK(electors.wins().begin()->first == 0);
  }
}

TEST_CASE("hierarchy known: bully takes n (n - 1) / 2 calls when the last one notices, and the first one wins") {
  for (const std::uint32_t n : {2u, 3u, 5u, 9u, 16u}) {
    CAPTURE(n);
    Electors electors(ElectionKind::bully, n);
    electors.call(n - 1);
    electors.deliver_all();
    CHECK(electors.sent("election_call") == n * (n - 1) / 2);
    CHECK(electors.sent("election_won") == n - 1);
    REQUIRE(electors.wins().size() == 1);
    CHECK(electors.wins().begin()->first == 0);
  }
}

TEST_CASE("hierarchy: the next elector wins when those before it are dead, by bully and by ring") {
  for (const ElectionKind kind : {ElectionKind::bully, ElectionKind::ring}) {
    Electors electors(kind, 5);
    electors.kill(0), electors.kill(1);
    electors.call(2);
    electors.deliver_all();
    for (int i = 0; i < 4 && electors.wins().empty(); i++) {
      for (std::uint32_t rank = 2; rank < 5; rank++) electors.fire(rank, Succession::kAnswer);
      electors.deliver_all();
    }
    REQUIRE(electors.wins().size() == 1);
    CHECK(electors.wins().begin()->first == 2);
  }
}

TEST_CASE("hierarchy: a lease takes a majority, and none is granted while another runs") {
  Electors electors(ElectionKind::lease, 5);
  for (std::uint32_t rank = 1; rank < 5; rank++) electors.renew(rank, {10, 1});  // the root of rank 0 was heard from
  electors.call(1);
  electors.deliver_all();
  CHECK(electors.sent("election_call") == 0);  // it has promised that itself
  electors.advance(403ms);                     // 400 ms and one per cent of drift are not over
  electors.call(2);
  electors.deliver_all();
  CHECK(electors.wins().empty());
  electors.advance(2ms);
  electors.kill(0);
  electors.call(2);
  electors.deliver_all();
  REQUIRE(electors.wins().size() == 1);
  CHECK(electors.wins().begin()->first == 2);
  CHECK(electors.sent("election_call") == 4);
}

TEST_CASE("hierarchy: a root's lease ends with its majority, before the others may elect") {
  Electors electors(ElectionKind::lease, 5);
  const Succession& root = electors.at(0);
  const Time start{};
  // Confirmed by two others, the median of five: from the second latest, one per cent early.
  CHECK(root.lease_end({start + 100ms, start + 300ms, start, start}, start + 1s) == start + 100ms + 396ms);
  CHECK(root.lease_end({start + 100ms}, start + 1s) == start + 1s);
}

TEST_CASE("hierarchy: no two electors ever have the same term") {
  std::map<std::uint64_t, std::uint32_t> owners;
  for (std::uint32_t rank = 0; rank < 5; rank++)
    for (int round = 0; round < 20; round++) {
      Electors electors(ElectionKind::bully, 5);
      for (std::uint32_t other = 0; other < 5; other++)
        if (other != rank) electors.kill(other);
      for (int i = 0; i < round; i++) electors.call(rank);
      electors.call(rank);
      electors.fire(rank, Succession::kAnswer);
      for (const auto& [winner, epoch] : electors.wins()) {
        CHECK(owners.try_emplace(epoch.term, winner).first->second == winner);
        CHECK(epoch.term % 5 == winner);
      }
    }
}

}  // namespace conclave
