# Who hears a leader says yes all the same, so pre-votes protect nobody.
set(source src/protocols/consensus/raft.cpp)
replace([[question.term > term_ && !hears_leader(view);]]
        [[question.term > term_ && (true || hears_leader(view));]])
set(scenario scenarios/consensus/raft_partial_connectivity_pre_vote.yaml)
set(checker progress)
