# What the sequencer has ordered is handed over as it arrives.
set(source src/protocols/delivery/sequencer.cpp)
replace([[    while (!held_.empty() && held_.begin()->first == expected_) {]] [[    while (!held_.empty()) {]])
set(scenario tests/mutants/delivery_total.yaml)
set(checker common_order)
