# Two quorums of this size share f replicas, and these may all be liars.
set(source src/protocols/consensus/pbft.cpp)
replace([[quorum_(byzantine_quorum(n_, options.f.value_or(most_faulty(n_))))]]
        [[quorum_(byzantine_quorum(n_, options.f.value_or(most_faulty(n_))) - 1)]])
set(scenario tests/mutants/equivocating.yaml)
set(checker agreement)
