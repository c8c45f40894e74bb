# A proposal releases a lock by claiming a later polka, which nobody has seen.
set(source src/protocols/consensus/tendermint.cpp)
replace([[if (valid_round && rounds_[*valid_round].prevotes.count(proposed.digest) < quorum_) return false;]]
        [[]])
set(scenario tests/mutants/tendermint_claimed.yaml)
set(checker agreement)
