# What is thrown away because it is beyond the window is acknowledged all the same.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[      return acknowledge(from, incoming, envelope, false, out);]] [[      return acknowledge(from, incoming, envelope, true, out);]])
set(scenario tests/mutants/delivery_narrow.yaml)
set(checker sender_belief)
