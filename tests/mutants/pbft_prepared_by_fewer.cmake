# A replica takes itself for prepared when one vote is missing.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[if (voters.count() + 1 < group_.quorum) return;]]
        [[if (voters.count() + 2 < group_.quorum) return;]])
set(scenario scenarios/consensus/pbft_4.yaml)
set(checker certificates)
