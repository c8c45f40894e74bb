# A member echoes every value that an origin says, not only the first.
set(source src/protocols/consensus/bracha.cpp)
replace([[if (!broadcast || broadcast->echoed_by.contains(view.peers.rank(view.self))) return;]]
        [[if (!broadcast) return;]])
replace([[if (!broadcast.echoed_by.add(rank, n_)) return;]]
        [[broadcast.echoed_by.add(rank, n_);]])
set(scenario tests/mutants/bracha_two_faced.yaml)
set(checker reliable_broadcast)
