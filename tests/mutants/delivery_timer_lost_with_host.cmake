# An agent whose host was off waits for a timer that went with it.
set(source src/protocols/delivery/reliable_layer.cpp)
replace([[  if (std::holds_alternative<Restarted>(input)) armed_ = kNever;  // the timer went with the host
]] [[]])
set(scenario tests/mutants/delivery_off.yaml)
set(checker conservation)
