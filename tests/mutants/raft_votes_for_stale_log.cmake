# A replica gives its vote to whoever asks, also when the candidate's log lacks what was committed.
set(source src/protocols/consensus/raft.cpp)
replace([[const bool worthy = log_.not_ahead_of(question.last_index, question.last_term);]]
        [[const bool worthy = true;]])
set(scenario tests/mutants/raft_stranger.yaml)
set(checker agreement)
