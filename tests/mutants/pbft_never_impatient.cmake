# Nobody ever gives up on a primary.
set(source src/protocols/consensus/pbft/pbft.cpp)
replace([[if (oldest && oldest != awaited_) out.set_timer({kViewTimer}, patience());]]
        [[]])
set(scenario tests/mutants/pbft_silent_primary.yaml)
set(checker deadlock)
