// What no mutant shows: bounds in Δ, and that their premise is checked.

#include <doctest/doctest.h>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

using namespace conclave;
using namespace std::chrono_literals;

namespace {

constexpr Time kHeal = kStartOfRun + 1s;

Value options(std::initializer_list<std::pair<std::string, std::string>> written) {
  Value value = Value::map();
  for (const auto& [key, text] : written) value.set(key, Value::scalar(text));
  return value;
}

struct Stage {
  Roster roster;
  Diagnostics diagnostics;
  std::unique_ptr<Checker> checker;

  explicit Stage(const Value& written) {
    roster.add("replica", 4, "pbft");
    roster.add("client", 1, "consensus_client");
    roster.mark_faulty(AgentId{3});
    const RunFacts facts{roster, 1, kHeal, kNever};
    const auto chosen = CheckerCatalog::configure("progress", written, diagnostics);
    chosen.check(facts, diagnostics);
    checker = chosen.make(facts);
  }

  template <class Kind>
  void tell(Time at, Kind record) {
    checker->observe({.time = at,
                      .agent = AgentId{4},
                      .kind = EventKind::emitted,
                      .type = &kRecordType<Kind>,
                      .record = share(std::move(record))});
  }
  void deliver(Time at, Duration took, std::uint32_t from = 0) {
    checker->observe({.time = at,
                      .agent = AgentId{1},
                      .kind = EventKind::delivered,
                      .peer = AgentId{from},
                      .amount = static_cast<std::uint64_t>(took.count())});
  }
  /// A request that is issued before the network heals.
  void request(Time completed) {
    tell(kStartOfRun, RequestIssued{.request = 1});
    tell(completed, RequestCompleted{.request = 1});
  }
  Verdict verdict() { return checker->conclude({kHeal + 100s, false}); }
};

const Value kTenDeltas = options({{"delta", "5ms"}, {"deltas", "10"}});

}  // namespace

TEST_CASE("progress: a bound in delta counts from the healing of the network") {
  Stage in_time(kTenDeltas);
  in_time.request(kHeal + 50ms);
  const Verdict holds = in_time.verdict();
  CHECK(holds.holds);
  CHECK(holds.detail == "1 requests within 50 ms = 10 Δ, the slowest after 10.0 Δ");

  Stage late(kTenDeltas);
  late.request(kHeal + 51ms);
  CHECK_FALSE(late.verdict().holds);
}

TEST_CASE("progress: a network that is slower than delta once it is to be well owes nothing, and that is said") {
  Stage before(kTenDeltas);
  before.request(kHeal + 1ms);
  before.deliver(kHeal + 1ms, 20ms);     // was sent before
  before.deliver(kHeal + 10ms, 6ms, 3);  // is of a faulty agent
  before.deliver(kHeal + 10ms, 5ms);
  CHECK(before.verdict().holds);

  Stage after(kTenDeltas);
  after.request(kHeal + 1ms);
  after.deliver(kHeal + 10ms, 6ms);
  const Verdict verdict = after.verdict();
  CHECK_FALSE(verdict.holds);
  CHECK(verdict.detail.find("more than Δ = 5 ms") != std::string::npos);
}

TEST_CASE("progress: delta and deltas go together") {
  Stage alone(options({{"deltas", "10"}}));
  REQUIRE(alone.diagnostics.all().size() == 1);
  CHECK(alone.diagnostics.all()[0].message == "a bound in Δ takes both `delta` and `deltas`");
  CHECK(Stage(kTenDeltas).diagnostics.empty());
}
