# A backup takes the primary's word for what the client has asked.
set(source src/protocols/consensus/pbft.cpp)
replace([[if (!view.crypto.verify(*proposal.request, proposal.request->client)) return;]]
        [[]])
set(scenario tests/mutants/inventing.yaml)
set(checker validity)
