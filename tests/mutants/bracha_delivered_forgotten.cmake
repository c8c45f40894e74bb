# What is delivered is forgotten altogether, and begins anew with a message that comes again.
set(source src/protocols/consensus/bracha.cpp)
replace([[if (value.number <= origin.delivered_all || origin.delivered.contains(value.number)) return nullptr;]]
        [[]])
set(scenario tests/mutants/bracha_duplicates.yaml)
set(checker reliable_broadcast)
