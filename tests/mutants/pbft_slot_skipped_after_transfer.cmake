# Who takes over a state goes on one slot too late.
set(source src/protocols/consensus/pbft/checkpoints.cpp)
replace([[  execute_in_order(view, out);
}]]
        [[  executed_++;
  execute_in_order(view, out);
}]])
set(scenario tests/mutants/pbft_state_transfer.yaml)
set(checker total_order)
