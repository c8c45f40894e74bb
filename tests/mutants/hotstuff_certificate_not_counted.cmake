# A certificate is believed however few have voted, if its signatures hold.
set(source src/protocols/consensus/hotstuff.cpp)
replace([[if (certificate->proof.count() < quorum_) return false;]]
        [[]])
set(scenario tests/mutants/hotstuff_two_faced.yaml)
set(checker agreement)
