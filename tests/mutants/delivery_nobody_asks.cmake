# Gaps are passed over instead of asked for.
set(source src/protocols/delivery/sequenced_layer.cpp)
replace([[  if (lane.naks >= options_.naks) {]] [[  if (true) {]])
set(scenario tests/mutants/delivery_gaps.yaml)
set(checker conservation)
