# The client believes nothing that one replica has not confirmed.
set(source src/protocols/consensus/consensus_client.cpp)
replace([[: honest_witness(f_)]]
        [[: replicas_.count]])
set(scenario scenarios/consensus/pbft_4_silent.yaml)
set(checker progress)
