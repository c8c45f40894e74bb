# A quorum is everyone, so one silent replica stops them all.
set(source src/protocols/consensus/pbft/pbft.cpp)
replace([[group_{deployment.group.agents, quorum_of(options, deployment)}]]
        [[group_{deployment.group.agents, deployment.group.agents.count + 0 * quorum_of(options, deployment)}]])
set(scenario tests/mutants/pbft_one_silent.yaml)
set(checker progress)
