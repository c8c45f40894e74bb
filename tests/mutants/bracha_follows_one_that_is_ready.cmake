# A single ready is followed, and that one may lie.
set(source src/protocols/consensus/bracha.cpp)
replace([[readies.count() >= honest_witness(f_))]]
        [[readies.count() + 1 >= honest_witness(f_))]])
set(scenario tests/mutants/bracha_inventing.yaml)
set(checker reliable_broadcast)
