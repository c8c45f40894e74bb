# What was ordered twice is executed twice.
set(source src/protocols/consensus/pbft.cpp)
replace([[if (request.number <= client.executed) return;  // ordered twice, executed once]]
        [[]])
set(scenario tests/mutants/repeating.yaml)
set(checker integrity)
