# What two leaders gave a place is executed twice.
set(source src/protocols/consensus/raft.cpp)
replace([[if (request.number <= client.executed) return;  // two leaders have given it a place]]
        [[]])
set(scenario scenarios/consensus/raft_lossy.yaml)
set(checker integrity)
