# Every commit beyond the quorum decides the slot once more.
set(source src/protocols/consensus/pbft.cpp)
replace([[if (slot.committed || !slot.prepared || ]]
        [[if (!slot.prepared || ]])
set(scenario scenarios/consensus/pbft_4.yaml)
set(checker integrity)
