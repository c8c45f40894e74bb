# A sender that begins again is taken for one that repeats itself.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[  if (envelope.epoch > incoming.epoch) incoming = Incoming{envelope.epoch, DedupWindow(options_.window), {}};
]] [[]])
set(scenario tests/mutants/delivery_amnesia.yaml)
set(checker conservation)
