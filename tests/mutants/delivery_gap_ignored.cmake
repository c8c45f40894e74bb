# What comes too early is handed over at once.
set(source src/protocols/delivery/sequenced_layer.cpp)
replace([[  if (envelope.sequence > lane->expected) return hold(view, from, *lane, envelope, out);
  lane->expected++;]] [[  lane->expected = envelope.sequence + 1;]])
set(scenario tests/mutants/delivery_disordered.yaml)
set(checker fifo_order)
