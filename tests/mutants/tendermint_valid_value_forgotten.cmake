# A proposer that has seen a polka proposes something new all the same.
set(source src/protocols/consensus/tendermint.cpp)
replace([[    valid_value_ = proposed->proposal->value;
    valid_round_ = round_;
]]
        [[]])
set(scenario tests/mutants/tendermint_hidden.yaml)
set(checker progress)
