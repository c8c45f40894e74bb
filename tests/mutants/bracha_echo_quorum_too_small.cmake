# One echo less makes ready: two such quorums need not share an honest member.
set(source src/protocols/consensus/bracha.cpp)
replace([[if (echoes.count() >= byzantine_quorum(n_, f_))]]
        [[if (echoes.count() + 1 >= byzantine_quorum(n_, f_))]])
set(scenario tests/mutants/bracha_two_faced.yaml)
set(checker reliable_broadcast)
