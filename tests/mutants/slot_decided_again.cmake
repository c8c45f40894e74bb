# Every commit beyond the quorum decides the slot once more.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (slot.committed || !slot.prepared) return;]]
        [[if (!slot.prepared) return;]])
replace([[if (slot.decided != digest) out.emit(Decided]]
        [[out.emit(Decided]])
set(scenario scenarios/consensus/pbft_4.yaml)
set(checker integrity)
