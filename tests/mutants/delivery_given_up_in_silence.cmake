# Nobody is told of what is given up.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[  end(to, pending, state, true);]] [[  end(to, pending, state, false);]])
set(scenario tests/mutants/delivery_down.yaml)
set(checker conservation)
