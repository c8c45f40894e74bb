# A slot is executed as soon as it is prepared: nobody has promised to keep it yet.
set(source src/protocols/consensus/pbft/normal_case.cpp)
replace([[  slot.prepared = true;]]
        [[  slot.prepared = true;
  slot.decided = digest;
  execute_in_order(view, out);]])
set(scenario tests/mutants/two_clients.yaml)
set(checker integrity)
