# A backup takes the primary's word for what the client has asked.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (service_.authentic(view, request)) continue;]]
        [[if (request) continue;]])
set(scenario tests/mutants/inventing.yaml)
set(checker validity)
