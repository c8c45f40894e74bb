# A backup accepts a second proposal for a slot in place of the first.
set(source src/protocols/consensus/pbft.cpp)
replace([[ || accepted(proposal.sequence)) return;]]
        [[) return;]])
set(scenario tests/mutants/rewriting.yaml)
set(checker integrity)
