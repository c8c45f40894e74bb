# A quorum is everyone, so one silent replica stops them all.
set(source src/protocols/consensus/pbft.cpp)
replace([[quorum_(byzantine_quorum(n_, options.f.value_or(most_faulty(n_))))]]
        [[quorum_(n_ + 0 * options.f.value_or(0))]])
set(scenario scenarios/consensus/pbft_4_silent.yaml)
set(checker progress)
