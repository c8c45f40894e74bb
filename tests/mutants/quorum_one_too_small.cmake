# Two quorums of this size share f replicas, and these may all be liars.
set(source src/protocols/consensus/pbft/pbft.cpp)
replace([[group_{deployment.group.agents, quorum_of(options, deployment)}]]
        [[group_{deployment.group.agents, quorum_of(options, deployment) - 1}]])
set(scenario tests/mutants/equivocating.yaml)
set(checker agreement)
