# A replica has a vote for every candidate.
set(source src/protocols/consensus/raft.cpp)
replace([[question.term == term_ && (voted_for_ == kNobody || voted_for_ == from);]]
        [[question.term == term_;]])
set(scenario tests/mutants/raft_two_candidates.yaml)
set(checker agreement)
