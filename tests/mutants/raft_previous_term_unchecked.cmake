# A follower accepts entries behind any entry of its own, whichever leader that was from.
set(source src/protocols/consensus/raft.cpp)
replace([[reply.success = log_.holds(append.previous_index, append.previous_term);]]
        [[reply.success = append.previous_index <= log_.last_index();]])
set(scenario tests/mutants/raft_two_successors.yaml)
set(checker agreement)
