# The buffer of what waits has no bound.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[  if (stream.pending.size() >= options_.buffer) {]] [[  if (stream.pending.size() >= options_.buffer * 2) {]])
set(scenario tests/mutants/delivery_down.yaml)
set(checker bounded_buffers)
