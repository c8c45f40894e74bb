# The next slot is executed as soon as it is prepared: nobody has promised to keep it yet.
set(source src/protocols/consensus/pbft.cpp)
replace([[slot != slots_.end() && slot->second.committed;]]
        [[slot != slots_.end() && slot->second.prepared;]])
set(scenario tests/mutants/two_clients.yaml)
set(checker integrity)
