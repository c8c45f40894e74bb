# 2f that are ready deliver: only f of them may be honest, and the others need not hear of f + 1.
set(source src/protocols/consensus/bracha.cpp)
replace([[readies.count() >= honest_majority(f_))]]
        [[readies.count() + 1 >= honest_majority(f_))]])
set(scenario tests/mutants/bracha_favouring.yaml)
set(checker reliable_broadcast)
