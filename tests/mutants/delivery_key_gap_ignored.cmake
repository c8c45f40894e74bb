# What comes too early within a key is handed over at once, and what comes too late as well.
set(source src/protocols/delivery/sequenced_layer.cpp)
replace([[  if (envelope.sequence < lane->expected) {]] [[  if (envelope.sequence == 0) {]])
replace([[  if (envelope.sequence > lane->expected) return hold(view, from, *lane, envelope, out);
]] [[]])
set(scenario tests/mutants/delivery_keys.yaml)
set(checker key_order)
