#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "core/outbox.hpp"

namespace conclave {
namespace {

struct TestNote : RecordOf<TestNote> {
  static constexpr std::string_view kName = "test_note";
  std::uint64_t number = 0;
  static void fields(auto& self, auto& field) { field("number", self.number); }
};

using Receivers = std::vector<std::uint32_t>;

/// The receivers of a message from `sender`; checks that ranks count from 0 and that count() agrees.
Receivers receivers(const Recipients& to, AgentId sender) {
  Receivers all;
  to.each(sender, [&](AgentId id, std::uint32_t rank) {
    CHECK(rank == all.size());
    all.push_back(index(id));
  });
  CHECK(to.count(sender) == all.size());
  return all;
}

}  // namespace

TEST_CASE("a message to one goes to that one, be it the sender") {
  CHECK(receivers(Recipients::one(agent(3)), agent(0)) == Receivers{3});
  CHECK(receivers(Recipients::one(agent(3)), agent(3)) == Receivers{3});
  CHECK(Recipients::one(agent(3)).is_one());
  CHECK(Recipients::one(agent(3)).only() == agent(3));
}

TEST_CASE("a broadcast leaves the sender out, if it is in the range at all") {
  const Recipients range = Recipients::range({agent(2), 3});
  CHECK(receivers(range, agent(0)) == Receivers{2, 3, 4});
  CHECK(receivers(range, agent(2)) == Receivers{3, 4});
  CHECK(receivers(range, agent(3)) == Receivers{2, 4});
  CHECK(receivers(range, agent(5)) == Receivers{2, 3, 4});
  CHECK(!range.is_one());
  CHECK(receivers(Recipients::range({agent(2), 0}), agent(0)).empty());
}

TEST_CASE("a list leaves the sender out") {
  const Recipients list = Recipients::list({agent(1), agent(5), agent(9)});
  CHECK(receivers(list, agent(0)) == Receivers{1, 5, 9});
  CHECK(receivers(list, agent(5)) == Receivers{1, 9});
  CHECK(receivers(Recipients::list({}), agent(0)).empty());
  CHECK(receivers(Recipients::list({agent(1)}), agent(0)) == Receivers{1});
}

TEST_CASE("equal receivers have equal hashes, others do not") {
  CHECK(Recipients::list({agent(1), agent(5)}).hash() == Recipients::list({agent(1), agent(5)}).hash());
  CHECK(Recipients::list({agent(1), agent(5)}).hash() != Recipients::list({agent(1), agent(6)}).hash());
  CHECK(Recipients::range({agent(1), 2}).hash() == Recipients::range({agent(1), 2}).hash());
  CHECK(Recipients::range({agent(1), 2}).hash() != Recipients::range({agent(1), 3}).hash());
  CHECK(Recipients::range({agent(1), 2}).hash() != Recipients::range({agent(2), 2}).hash());
}

TEST_CASE("effects are kept in order, a broadcast as one") {
  Outbox out;
  CHECK(out.empty());
  const auto note = share(TestNote{.number = 1});
  out.send(agent(1), note);
  out.broadcast({agent(0), 4}, note);
  out.multicast({agent(0), agent(2)}, note);
  out.set_timer({.name = 1}, Duration(5));
  out.cancel_timer({.name = 1});
  out.compute({.name = 2}, 100);
  out.transfer({.name = 3}, agent(1), 1000, note);
  out.emit(TestNote{.number = 2});
  REQUIRE(out.effects().size() == 8);
  CHECK(std::get<Send>(out.effects()[0]).body == note);
  CHECK(std::get<Send>(out.effects()[1]).to.count(agent(0)) == 3);
  CHECK(std::get<Send>(out.effects()[2]).to.count(agent(0)) == 1);
  CHECK(std::get<SetTimer>(out.effects()[3]).after == Duration(5));
  CHECK(std::get<CancelTimer>(out.effects()[4]).key == TimerKey{.name = 1});
  CHECK(std::get<Compute>(out.effects()[5]).flops == 100);
  CHECK(std::get<Transfer>(out.effects()[6]).bytes == 1000);
  CHECK(std::get<Emit>(out.effects()[7]).event->as<TestNote>()->number == 2);
  out.clear();
  CHECK(out.empty());
}

TEST_CASE("a step that never stops asking is stopped") {
  Outbox out;
  for (std::size_t i = 0; i < kEffectsPerStepMax; i++) out.cancel_timer({});
  CHECK_THROWS_AS(out.cancel_timer({}), std::length_error);
}

}  // namespace conclave
