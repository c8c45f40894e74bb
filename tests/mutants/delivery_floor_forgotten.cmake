# Receivers are not told which numbers will never come.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[  stream.floor = first;
]] [[]])
set(scenario tests/mutants/delivery_holes.yaml)
set(checker conservation)
