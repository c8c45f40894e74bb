# A majority is everyone, so one replica that is off stops them all.
set(source src/protocols/consensus/raft.cpp)
replace([[majority_(crash_quorum(n_))]]
        [[majority_(n_)]])
set(scenario scenarios/consensus/raft_crashes.yaml)
set(checker progress)
