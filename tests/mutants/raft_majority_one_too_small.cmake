# Half of the replicas are enough, so the other half can do without them.
set(source src/protocols/consensus/raft.cpp)
replace([[majority_(crash_quorum(n_))]]
        [[majority_(crash_quorum(n_) - 1)]])
set(scenario tests/mutants/raft_halves.yaml)
set(checker agreement)
