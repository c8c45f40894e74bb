# The client believes a result that only liars may have reported.
set(source src/protocols/consensus/consensus_client.cpp)
replace([[: honest_witness(f_)]]
        [[: f_]])
set(scenario tests/mutants/pbft_false_replies.yaml)
set(checker belief)
