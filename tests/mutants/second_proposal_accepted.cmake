# A backup accepts a second proposal for a slot in place of the first, and so votes twice.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[  if (slot && slot->proposal) {
    refuse]]
        [[  if (slot && slot->proposal && proposal->sequence == 0) {
    refuse]])
set(scenario tests/mutants/rewriting.yaml)
set(checker certificates)
