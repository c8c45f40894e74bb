# Everyone must echo, so the silent decide.
set(source src/protocols/consensus/bracha.cpp)
replace([[if (echoes.count() >= byzantine_quorum(n_, f_))]]
        [[if (echoes.count() >= n_)]])
set(scenario scenarios/consensus/bracha_7.yaml)
set(checker reliable_broadcast)
