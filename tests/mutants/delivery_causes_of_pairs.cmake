# Only the order of each pair counts.
set(source src/protocols/delivery/causal.cpp)
replace([[    bool now = number == had(from) + 1;
]] [[    if (number == had(from) + 1) return Turn::now;
    bool now = false;
]])
set(scenario tests/mutants/delivery_causes.yaml)
set(checker causal_order)
