# A backup votes for a digest without comparing it with the request that came along.
set(source src/protocols/consensus/pbft.cpp)
replace([[if (proposal.request->digest() != proposal.digest) return;]]
        [[]])
set(scenario tests/mutants/inventing.yaml)
set(checker validity)
