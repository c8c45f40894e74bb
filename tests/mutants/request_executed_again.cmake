# What was ordered twice is executed twice.
set(source src/protocols/consensus/service.cpp)
replace([[if (request->number <= client.executed) continue;  // ordered twice, executed once]]
        [[]])
set(scenario tests/mutants/repeating.yaml)
set(checker integrity)
