# What is not acknowledged is not sent again.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[  repeated_++;
  attempt(view, due.to, stream, due.sequence, out);
]] [[  repeated_++;
  note_attempt(view, due.to, stream, due.sequence);
]])
set(scenario tests/mutants/delivery_lossy.yaml)
set(checker conservation)
