# Reads are believed as soon as one honest replica confirms them: it may be one that is behind.
set(source src/protocols/consensus/consensus_client.cpp)
replace([[? byzantine_quorum(replicas_.count, f_)]]
        [[? honest_witness(f_)]])
set(scenario tests/mutants/pbft_stale_reads.yaml)
set(checker belief)
