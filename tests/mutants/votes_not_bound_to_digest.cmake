# A vote counts for its slot, whichever digest it names.
set(source src/protocols/consensus/pbft.cpp)
replace([[if (known.digest == wanted) return known;]]
        [[return known;]])
set(scenario tests/mutants/equivocating.yaml)
set(checker agreement)
