# Two quorums of this size share f replicas, and these may all be liars.
set(source src/protocols/consensus/tendermint.cpp)
replace([[quorum_(byzantine_quorum(n_, f_))]]
        [[quorum_(byzantine_quorum(n_, f_) - 1)]])
set(scenario tests/mutants/tendermint_two_faced.yaml)
set(checker agreement)
