# One commit decides: the replica knows that it is prepared, but not that anyone else is.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (voters.count() < group_.quorum) return;]]
        [[if (voters.count() < 1) return;]])
set(scenario tests/mutants/pbft_prepared_alone.yaml)
set(checker agreement)
