# The log is cut at a checkpoint that nobody else has signed yet.
set(source src/protocols/consensus/pbft/checkpoints.cpp)
replace([[if (votes.voters(digest).count() < group_.quorum) return;]]
        [[]])
set(scenario tests/mutants/pbft_state_transfer.yaml)
set(checker certificates)
