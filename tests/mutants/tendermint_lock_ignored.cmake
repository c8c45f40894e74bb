# A replica prevotes for what is proposed, whatever it is locked on.
set(source src/protocols/consensus/tendermint.cpp)
replace([[!locked_round_ || locked_value_ == proposed.digest]]
        [[true || locked_value_ == proposed.digest]])
set(scenario tests/mutants/tendermint_locked.yaml)
set(checker agreement)
