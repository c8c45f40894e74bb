# CBBA: who is outbid keeps the task.
set(source src/protocols/auction/cbba.cpp)
replace([[    give_up_lost(view.self);
]]
        [[]])
set(scenario tests/mutants/auction_bundles.yaml)
set(checker cbba_bundles)
