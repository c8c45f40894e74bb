# f + 1 precommits decide: one of them is honest, but the others may not follow it.
set(source src/protocols/consensus/tendermint.cpp)
replace([[round.precommits.with(quorum_);]]
        [[round.precommits.with(honest_witness(f_));]])
set(scenario tests/mutants/tendermint_unlocked.yaml)
set(checker agreement)
