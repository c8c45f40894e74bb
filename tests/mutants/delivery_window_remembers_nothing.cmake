# At most once, without remembering.
set(source src/protocols/delivery/at_most_once.cpp)
replace([[    incoming.window.mark(envelope.sequence);
]] [[]])
set(scenario tests/mutants/delivery_doubled.yaml)
set(checker no_duplication)
