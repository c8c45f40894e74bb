# A replica takes over any state that comes along with a proof, whether or not it is the proven one.
set(source src/protocols/consensus/pbft/checkpoints.cpp)
replace([[ || answer.state->digest() != stable->digest]]
        [[]])
set(scenario tests/mutants/pbft_false_state.yaml)
set(checker total_order)
