#include <doctest/doctest.h>

#include <stdexcept>

#include "core/roster.hpp"

namespace conclave {

TEST_CASE("groups are numbered one after the other") {
  Roster roster;
  CHECK(roster.add("replica", 4, "pbft") == AgentRange{agent(0), 4});
  CHECK(roster.add("client", 2, "consensus_client") == AgentRange{agent(4), 2});
  CHECK(roster.size() == 6);
  CHECK(roster.groups().size() == 2);
  REQUIRE(roster.find("client"));
  CHECK(roster.find("client")->agents.first == agent(4));
  CHECK(roster.find("client")->protocol == "consensus_client");
  CHECK(roster.find("clien") == nullptr);
}

TEST_CASE("every agent has one group and a name") {
  Roster roster;
  roster.add("replica", 4, "pbft");
  roster.add("nobody_yet", 0, "pbft");
  roster.add("client", 2, "consensus_client");
  for (const Group& group : roster.groups())
    for (const AgentId id : group.agents) CHECK(roster.group_of(id).name == group.name);
  CHECK(roster.name(agent(3)) == "replica[3]");
  CHECK(roster.name(agent(4)) == "client[0]");
  CHECK(roster.name(agent(5)) == "client[1]");
  CHECK(roster.name(agent(6)) == "nobody");
  CHECK(roster.name(kNobody) == "nobody");
}

TEST_CASE("an agent is found by its name, and by no other") {
  Roster roster;
  roster.add("replica", 4, "pbft");
  roster.add("client", 12, "consensus_client");
  for (std::uint32_t i = 0; i < roster.size(); i++) CHECK(roster.agent_called(roster.name(agent(i))) == agent(i));
  for (const char* nobody : {"", "replica", "replica[]", "replica[4]", "replica[-1]", "replica[1", "replica[1]]",
                             "replica[ 1]", "replica[99999999999]", "client[0..1]", "nobody[0]", "[0]"})
    CHECK(!roster.agent_called(nobody));
}

TEST_CASE("agents are honest until marked, and who does not exist is not") {
  Roster roster;
  roster.add("replica", 4, "pbft");
  roster.mark_faulty(agent(2));
  for (std::uint32_t i = 0; i < 4; i++) CHECK(roster.honest(agent(i)) == (i != 2));
  CHECK(!roster.honest(agent(4)));
  CHECK(!roster.honest(kNobody));
  CHECK_THROWS_AS(roster.mark_faulty(agent(4)), std::out_of_range);
  roster.add("client", 1, "consensus_client");
  CHECK(!roster.honest(agent(2)));
  CHECK(roster.honest(agent(4)));
}

}  // namespace conclave
