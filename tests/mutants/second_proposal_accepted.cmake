# A backup accepts a second proposal for a slot in place of the first.
set(source src/protocols/consensus/pbft.cpp)
replace([[ || slots_[proposal.sequence].request) return;]]
        [[) return;]])
set(scenario tests/mutants/rewriting.yaml)
set(checker integrity)
