# The first value counts whoever says it.
set(source src/protocols/consensus/bracha.cpp)
replace([[if (from != value.origin) return;]]
        [[static_cast<void>(from);]])
set(scenario tests/mutants/bracha_inventing.yaml)
set(checker reliable_broadcast)
