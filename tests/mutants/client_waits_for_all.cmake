# The client believes nothing that one replica has not confirmed.
set(source src/protocols/consensus/consensus_client.cpp)
replace([[witnesses_(honest_witness(options.f.value_or(most_faulty(replicas_.count))))]]
        [[witnesses_(replicas_.count)]])
set(scenario scenarios/consensus/pbft_4_silent.yaml)
set(checker progress)
