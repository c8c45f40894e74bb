# Three certified blocks in a row commit the first, whether or not their views follow each other.
set(source src/protocols/consensus/hotstuff.cpp)
replace([[if (b2->view == b1->view + 1 && b1->view == b0->view + 1) commit(]]
        [[commit(]])
set(scenario tests/mutants/hotstuff_gap.yaml)
set(checker agreement)
