# Who gives up on a view keeps to itself what was prepared there.
set(source src/protocols/consensus/pbft/view_change.cpp)
replace([[if (slot.certificate) change.prepared.push_back(slot.certificate);]]
        [[static_cast<void>(slot);]])
set(scenario tests/mutants/pbft_forgotten.yaml)
set(checker agreement)
