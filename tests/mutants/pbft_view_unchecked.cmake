# Votes of views that are over count in the current one.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (prepare.view < view_ || from == primary()) return;]]
        [[if (from == primary()) return;]])
set(scenario tests/mutants/pbft_old_votes.yaml)
set(checker certificates)
