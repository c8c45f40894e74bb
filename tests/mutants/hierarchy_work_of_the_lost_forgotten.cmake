# What reports that are gone had been given is not given to anybody else.
set(source src/protocols/hierarchy/team.cpp)
replace([[std::vector<TaskName> Team::take_back(AgentId agent) {
  std::vector<TaskName> names;]]
        [[std::vector<TaskName> Team::take_back(AgentId agent) {
  std::vector<TaskName> names;
  if (agent != kNobody) return names;]])
replace([[        given_--;
        wait(given.order);
      } else {]]
        [[        given_--;
      } else {]])
set(scenario scenarios/hierarchy/manager_crash.yaml)
set(checker completion)
