// What no mutant shows yet: a replica that executes its slots out of order.

#include <doctest/doctest.h>

#include "core/catalog.hpp"
#include "core/consensus_events.hpp"

using namespace conclave;

namespace {

struct Stage {
  Roster roster;
  Diagnostics diagnostics;
  std::unique_ptr<Checker> checker;

  Stage() {
    roster.add("replica", 4, "pbft");
    const RunFacts facts{roster, 1, kStartOfRun, kNever};
    checker = CheckerCatalog::configure("integrity", Value(), diagnostics).make(facts);
  }

  template <class Kind>
  void tell(Kind record) {
    checker->observe(
        {.agent = AgentId{0}, .kind = EventKind::emitted, .type = &kRecordType<Kind>, .record = share(record)});
  }

  void decide_and_execute(std::uint64_t sequence, std::uint64_t request) {
    tell(Decided{.sequence = sequence});
    tell(Executed{.sequence = sequence, .client = AgentId{1}, .request = request});
  }

  Verdict verdict() { return checker->conclude({kStartOfRun, false}); }
};

}  // namespace

TEST_CASE("integrity holds for slots in order, with gaps") {
  Stage stage;
  stage.decide_and_execute(1, 1);
  stage.decide_and_execute(3, 2);
  CHECK(stage.verdict().holds);
}

TEST_CASE("integrity fails for a slot executed after a later one") {
  Stage stage;
  stage.decide_and_execute(2, 1);
  stage.decide_and_execute(1, 2);
  CHECK_FALSE(stage.verdict().holds);
  CHECK(stage.verdict().detail.find("executed slot 1 after slot 2") != std::string::npos);
}

TEST_CASE("integrity holds for several requests of one slot and fails for one request in two slots") {
  Stage stage;
  stage.decide_and_execute(1, 1);
  stage.tell(Executed{.sequence = 1, .client = AgentId{1}, .request = 2});
  CHECK(stage.verdict().holds);
  stage.decide_and_execute(2, 1);
  CHECK_FALSE(stage.verdict().holds);
  CHECK(stage.verdict().detail.find("executed request 1 of") != std::string::npos);
}
