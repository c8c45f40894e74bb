# A high watermark instead of a window: what was overtaken is thrown away as a repetition, and acknowledged.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[  incoming.window.mark(envelope.sequence);
]] [[  incoming.window.raise(envelope.sequence);
]])
set(scenario tests/mutants/delivery_overtaken.yaml)
set(checker conservation)
