// Bracha's reliable broadcast: exact numbers of messages and message delays, any order of messages, and what it
// refuses.

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "core/broadcast_events.hpp"
#include "lab/rehearsal.hpp"

namespace conclave {
namespace {

using lab::kHop;
using lab::Rehearsal;

}  // namespace

TEST_CASE("bracha: n - 1 initial, n (n - 1) echo, n (n - 1) ready, delivered after three delays") {
  for (const std::uint32_t n : {2u, 4u, 7u, 31u, 100u}) {
    CAPTURE(n);
    Rehearsal rehearsal;
    const AgentRange members = rehearsal.add("member", n, "bracha");
    rehearsal.start();
    rehearsal.request(members[0]);
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(2));
    CHECK(rehearsal.sent() == std::map<std::string_view, std::uint64_t>{{"bracha_initial", n - 1},
                                                                        {"bracha_echo", n * (n - 1)},
                                                                        {"bracha_ready", n * (n - 1)}});
    const std::vector<Event> delivered = rehearsal.emitted<BroadcastDelivered>();
    CHECK(delivered.size() == n);
    if (n >= 4) CHECK((delivered.back().time - kStartOfRun) / kHop == 3);
    const Verdict verdict = rehearsal.verdict("reliable_broadcast");
    CHECK_MESSAGE(verdict.holds, verdict.detail);
  }
}

TEST_CASE("bracha: messages in any order, doubled, with one of five that is mute") {
  for (std::uint64_t seed = 1; seed <= 200; seed++) {
    CAPTURE(seed);
    Rehearsal rehearsal(seed);
    const AgentRange members = rehearsal.add("member", 5, "bracha{f=1}");
    rehearsal.set_network([&](const lab::Letter& letter, Random& random) {
      std::vector<Duration> copies;
      if (letter.from == members[4]) return copies;
      for (std::uint64_t i = 0; i <= random.below(3); i++)
        copies.emplace_back(std::chrono::microstd::chrono::seconds(random.below(50'000)));
      return copies;
    });
    rehearsal.start();
    for (int i = 0; i < 10; i++)
      for (const AgentId member : members)
        if (member != members[4]) rehearsal.request(member);
    rehearsal.run_until(kStartOfRun + std::chrono::seconds(2));
    // Member 4 hears everyone though nobody hears it, so it delivers as well.
    CHECK(rehearsal.emitted<BroadcastDelivered>().size() == 4 * 10 * 5);
    const Verdict verdict = rehearsal.verdict("reliable_broadcast");
    CHECK_MESSAGE(verdict.holds, verdict.detail);
  }
}

TEST_CASE("bracha: no more broadcasts of one origin are open than the limit, and that is said") {
  Rehearsal rehearsal;
  const AgentRange members = rehearsal.add("member", 4, "bracha{open=3}");
  rehearsal.set_network([&](const lab::Letter& letter, Random&) {
    return letter.from == members[0] ? std::vector{kHop} : std::vector<Duration>{};  // nothing is ever delivered
  });
  rehearsal.start();
  for (int i = 0; i < 5; i++) rehearsal.request(members[0]);
  rehearsal.run_until(kStartOfRun + std::chrono::seconds(2));
  for (const AgentId member : members) {
    std::vector<std::uint64_t> refused;
    for (const Event& event : rehearsal.emitted<BroadcastRefused>())
      if (event.agent == member) refused.push_back(event.record->as<BroadcastRefused>()->number);
    CHECK(refused == std::vector<std::uint64_t>{4, 5});
  }
}

}  // namespace conclave
