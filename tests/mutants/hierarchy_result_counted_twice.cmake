# A result that is reported again counts again.
set(source src/protocols/hierarchy/ledger.cpp)
replace([[    sum_ += value;]] [[    sum_ += value + value;]])
set(scenario scenarios/hierarchy/tree.yaml)
set(checker completion)
