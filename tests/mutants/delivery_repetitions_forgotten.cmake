# What was handed over is not remembered.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[  incoming.window.mark(envelope.sequence);
]] [[]])
set(scenario tests/mutants/delivery_lossy.yaml)
set(checker no_duplication)
