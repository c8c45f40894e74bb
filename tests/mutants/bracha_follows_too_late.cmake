# f + 1 that are ready do not make ready, it takes one more.
set(source src/protocols/consensus/bracha.cpp)
replace([[readies.count() >= honest_witness(f_))]]
        [[readies.count() > honest_witness(f_))]])
set(scenario tests/mutants/bracha_favouring.yaml)
set(checker reliable_broadcast)
