# Dependencies are those of the sender itself: they are not transitive (as in a published causal layer).
set(source src/protocols/delivery/causal.cpp)
replace([[    sent_.merge(message.envelope->sent);
]] [[]])
set(scenario tests/mutants/delivery_causes.yaml)
set(checker causal_order)
